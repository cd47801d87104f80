// record and mock from their first line to their last, with a real upstream and real signals.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, createServer, get, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openTape } from '@calltape/store';
import { describe, expect, onTestFinished, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith } from './tape-with-calls.ts';

async function upstream(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('record', () => {
  test('says where it listens, records, and ends with a summary', async () => {
    const folder = await emptyFolder();
    const target = await upstream((request, response) => {
      response.statusCode = request.url === '/bad' ? 500 : 200;
      response.end('hello');
    });
    const recorder = await serve(['record', target, '--port', '0'], { cwd: folder });
    expect(recorder.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${recorder.url}/good?a=1`)).text()).toBe('hello');
    expect((await fetch(`${recorder.url}/bad`)).status).toBe(500);
    const { code, stdout, stderr } = await recorder.stop('SIGINT');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`Set the base URL of your program to ${recorder.url}`);
    expect(stderr).toContain('with their secrets replaced');
    expect(stderr).toMatch(/Recorded 2 calls on calls\.tape: 1 error, 0 lost\.\n$/);
    const tape = openTape(join(folder, 'calls.tape'));
    expect(tape.calls().map(({ url, status }) => [url, status])).toEqual([
      [`${target}/good?a=1`, 200],
      [`${target}/bad`, 500],
    ]);
    expect(tape.recordings()).toEqual([
      expect.objectContaining({ upstream: target, listen: recorder.url, lostCalls: 0 }),
    ]);
    tape.close();
  });

  test('without a target it records whatever host a proxied program calls', async () => {
    const folder = await emptyFolder();
    const target = await upstream((_request, response) => response.end('hello'));
    const recorder = await serve(['record', '--port', '0'], { cwd: folder });
    const agent = new Agent({ proxyEnv: { HTTP_PROXY: recorder.url } });
    const [response] = await once(get(`${target}/a`, { agent }), 'response');
    expect(await text(response)).toBe('hello');
    agent.destroy();
    const { code, stderr } = await recorder.stop('SIGINT');
    expect(code).toBe(0);
    expect(stderr).toContain(`Set HTTP_PROXY and HTTPS_PROXY of your program to ${recorder.url}`);
    expect(stderr).toMatch(/Recorded 1 call on calls\.tape: 0 errors, 0 lost\.\n$/);
    const tape = openTape(join(folder, 'calls.tape'));
    expect(tape.calls().map(({ url }) => url)).toEqual([`${target}/a`]);
    expect(tape.recordings()).toEqual([
      expect.objectContaining({ name: expect.stringMatching(/^forward@/), upstream: null }),
    ]);
    tape.close();
  });

  test('--route records several APIs, each below a path of its own', async () => {
    const folder = await emptyFolder();
    const [one, two] = [
      await upstream((_request, response) => response.end('one')),
      await upstream((_request, response) => response.end('two')),
    ];
    const routes = ['--route', `/one=${one}`, '--route', `/two=${two}/base`];
    const recorder = await serve(['record', ...routes, '--port', '0'], { cwd: folder });
    expect(await (await fetch(`${recorder.url}/one/a`)).text()).toBe('one');
    expect(await (await fetch(`${recorder.url}/two/b`)).text()).toBe('two');
    const { code, stderr } = await recorder.stop('SIGINT');
    expect(code).toBe(0);
    expect(stderr).toContain(`to ${recorder.url}/one in place of ${one}.`);
    const tape = openTape(join(folder, 'calls.tape'));
    expect(tape.calls().map(({ url }) => url)).toEqual([`${one}/a`, `${two}/base/b`]);
    tape.close();
  });

  test('--json makes the first line an event, --quiet leaves stderr to warnings', async () => {
    const folder = await emptyFolder();
    const args = ['record', 'https://api.example.com', '--port', '0', '--json', '--quiet'];
    const recorder = await serve(args, { cwd: folder });
    expect(JSON.parse(recorder.firstLine)).toEqual({
      event: 'listening',
      url: recorder.url,
      tape: 'calls.tape',
      pid: recorder.child.pid,
    });
    expect(await recorder.stop('SIGTERM')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('warns when others on the network could call through it, quiet or not', async () => {
    const args = [
      'record',
      'https://api.example.com',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
      '--quiet',
    ];
    const recorder = await serve(args, { cwd: await emptyFolder() });
    const { stderr } = await recorder.stop();
    expect(stderr).toMatch(/^Warning: listening on 0\.0\.0\.0[^\n]+\n$/);
  });

  test('finishes what is in flight, however it is asked to end', async () => {
    const folder = await emptyFolder();
    const arrived = Promise.withResolvers<() => void>();
    const target = await upstream((_request, response) => {
      arrived.resolve(() => response.end('late'));
    });
    const recorder = await serve(['record', target, '--port', '0'], { cwd: folder });
    const answered = fetch(recorder.url).then((response) => response.text());
    const finish = await arrived.promise;
    const ended = recorder.stop('SIGTERM');
    await recorder.says('Finishing the calls in flight');
    finish();
    expect(await answered).toBe('late');
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining('1 call on') });
  });

  test('a second Ctrl-C ends it at once', async () => {
    const folder = await emptyFolder();
    const arrived = Promise.withResolvers<void>();
    const target = await upstream(() => arrived.resolve());
    const recorder = await serve(['record', target, '--port', '0'], { cwd: folder });
    const cut = fetch(recorder.url).catch((error: unknown) => error);
    await arrived.promise;
    const ended = recorder.stop('SIGINT');
    await recorder.says('Finishing the calls in flight');
    recorder.child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    expect(await cut).toBeInstanceOf(Error);
  });

  test.skipIf(process.platform === 'win32')(
    'a full disk stops no call, but is told of, counted and no success',
    async () => {
      const target = await upstream((_request, response) => response.end(randomBytes(400_000)));
      const args = ['record', target, '--port', '0', '--quiet'];
      const shell = ['sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh'];
      const recorder = await serve(args, { cwd: await emptyFolder(), shell });
      for (let at = 0; at < 8; at += 1) {
        const body = await (await fetch(recorder.url)).arrayBuffer();
        expect(body.byteLength).toBe(400_000);
      }
      await recorder.says('NOT KEPT');
      const { code, stderr } = await recorder.stop();
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /^Warning: calls go on but are NOT KEPT: [^\n]+\nWarning: \d calls? could not/,
      );
    },
  );

  test('its flags reach the recorder', async () => {
    const folder = await emptyFolder();
    const hosts: (string | undefined)[] = [];
    const target = await upstream((request, response) => {
      hosts.push(request.headers.host);
      response.end('0123456789');
    });
    const flags = ['--keep-host', '--body-limit', '4', '--no-redact', '--recording', 'mine'];
    const recorder = await serve(['record', target, '--port', '0', ...flags], { cwd: folder });
    await (await fetch(recorder.url, { headers: { authorization: 'Bearer secret' } })).text();
    const { stderr } = await recorder.stop();
    expect(stderr).toContain('with their secrets as they are');
    expect(hosts).toEqual([new URL(recorder.url).host]);
    const shown = await calltape(['show', '1', '--json'], { cwd: folder });
    const exchange = JSON.parse(shown.stdout);
    expect(exchange).toMatchObject({
      recording: 'mine',
      response: { body: { size: 10, text: '0123', complete: false } },
    });
    expect(exchange.request.headers).toContainEqual(['authorization', 'Bearer secret']);
  });
});

describe('mock', () => {
  test('plays a tape with faults, and says what it answered', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b'), call('/c')]);
    const fault = 'GET /b status=503 first=1';
    const args = ['mock', '--port', '0', '--fault', fault, '--seed', '7', '--served', 'out.tape'];
    const mock = await serve(args, { cwd: folder });
    const statuses: number[] = [];
    for (const path of ['/a', '/b', '/b', '/gone']) {
      const response = await fetch(mock.url + path);
      statuses.push(response.status);
      await response.arrayBuffer();
    }
    expect(statuses).toEqual([200, 503, 200, 404]);
    const { code, stdout, stderr } = await mock.stop('SIGINT');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Playing 3 recorded calls of calls.tape; seed 7.\n');
    expect(stderr).toContain(`Fault in force: ${fault}\n`);
    expect(stderr).toContain('Answered 3 calls, missed 1, faulted 1; seed 7.\n');
    expect(stderr).toContain(`Not asked for: 1 recorded call\n  3 GET ${ORIGIN}/c\n`);
    const served = openTape(join(folder, 'out.tape'));
    expect(served.calls().map(({ status, source }) => [status, source])).toEqual([
      [200, 'mock'],
      [503, 'mock'],
      [200, 'mock'],
      [404, 'mock'],
    ]);
    served.close();
  });

  test('takes fault rules from a file and a profile, and says how to have the same again', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b')]);
    await writeFile(
      join(folder, 'faults.yaml'),
      'rules:\n  - { path: /a, status: 418 }\n  - GET /b status=500\n',
    );
    const rule = 'GET /b status=419 first=1';
    const files = ['--profile', 'slow', '--faults', 'faults.yaml', '--fault', rule];
    const mock = await serve(['mock', '--port', '0', '--seed', '9', ...files], { cwd: folder });
    const statuses = await Promise.all(
      ['/a', '/b'].map(async (path) => (await fetch(mock.url + path)).status),
    );
    expect(statuses).toEqual([418, 419]);
    const { code, stderr } = await mock.stop('SIGINT');
    expect(code).toBe(0);
    const inForce = stderr.match(/(?<=Fault in force: ).*/g);
    expect(inForce).toEqual([
      '* /** latency=lognormal(1s,0.5)',
      '* /** bandwidth=20kb/s',
      '* /a status=418',
      'GET /b status=500',
      rule,
    ]);
    const again = `The same again: calltape mock calls.tape --seed 9 --port 0 --fault '${rule}' --faults faults.yaml --profile slow\n`;
    expect(stderr.split(again)).toHaveLength(3);
  });

  test('repeats recordings as asked', async () => {
    const folder = await emptyFolder();
    const second = call('/a', { response: answer(200, 'OK', 'second') });
    await tapeWith(folder, [call('/a', { response: answer(200, 'OK', 'first') }), second]);
    const mock = await serve(['mock', 'calls.tape', '--port', '0', '--repeat', 'cycle'], {
      cwd: folder,
    });
    const bodies: string[] = [];
    for (let at = 0; at < 3; at += 1) bodies.push(await (await fetch(`${mock.url}/a`)).text());
    expect(bodies).toEqual(['first', 'second', 'first']);
    await mock.stop();
  });
});

describe('dashboard', () => {
  test('without a terminal it prints one snapshot and ends', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a', { startedAt: Date.now() })]);
    const { code, stdout, stderr } = await calltape(['dashboard'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('/a');
    expect(stdout).not.toContain('\u001b');
  });

  test('--json gives its figures', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a', { startedAt: Date.now() })]);
    const { code, stdout } = await calltape(['dashboard', '--json'], { cwd: folder });
    expect(code).toBe(0);
    expect(typeof JSON.parse(stdout)).toBe('object');
  });
});
