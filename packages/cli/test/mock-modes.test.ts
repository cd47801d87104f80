// What becomes of calls that are not on the tape: --on-miss and --mode, with a real API behind.

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, get as plainGet } from 'node:http';
import { connect } from 'node:http2';
import { get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openTape } from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../store/test/secret-search.ts';
import { calltape, emptyFolder, serve, type Server } from './run-cli.ts';
import { secureStandIns } from './secure-stand-in.ts';
import { standIn } from './stand-in.ts';
import { call, tapeWith } from './tape-with-calls.ts';

interface Api {
  readonly url: string;
  /** Method, target and body of each call that came. */
  readonly asked: string[];
}

/** An API that counts; its answers say how often it was asked. */
async function countingApi(): Promise<Api> {
  const asked: string[] = [];
  const url = await standIn((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      if (request.url === '/moved') response.writeHead(302, { location: `${url}/new` });
      response.end(`real ${asked.length}`);
    });
  });
  return { url, asked };
}

async function mockIn(folder: string, ...flags: string[]): Promise<Server> {
  return serve(['mock', ...flags, '--port', '0'], { cwd: folder });
}

async function textOf(mock: Server, path: string, init: RequestInit = {}): Promise<string> {
  return (await fetch(mock.url + path, init)).text();
}

function callsOn(folder: string, file = 'calls.tape'): [string, string, number | null][] {
  const tape = openTape(join(folder, file));
  try {
    return tape.calls().map(({ method, url, status }) => [method, url, status]);
  } finally {
    tape.close();
  }
}

const KNOWN = '{"id":1,"name":"Ada"}';

test('--on-miss record replays what is known, and records the rest for the next start', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  await tapeWith(folder, [call('/known')]);
  const mock = await mockIn(folder, 'calls.tape', '--on-miss', 'record', '--upstream', api.url);
  const init = {
    method: 'POST',
    body: '{"a":1}',
    headers: { authorization: 'Bearer sk_test_51CalltapeMissKey0123456789' },
  };
  expect(await textOf(mock, '/known')).toBe(KNOWN);
  expect(await textOf(mock, '/new?b=2')).toBe('real 1');
  expect(await textOf(mock, '/new?b=2')).toBe('real 2');
  expect(await textOf(mock, '/made', init)).toBe('real 3');
  const { code, stderr } = await mock.stop();
  expect(code).toBe(0);
  expect(stderr).toContain('Answered 1 call, missed 0, passed on 3, faulted 0');
  expect(stderr).toContain('Recorded 3 calls on calls.tape.');
  expect(api.asked).toEqual(['GET /new?b=2', 'GET /new?b=2', 'POST /made {"a":1}']);
  expect(callsOn(folder).slice(1)).toEqual([
    ['GET', `${api.url}/new?b=2`, 200],
    ['GET', `${api.url}/new?b=2`, 200],
    ['POST', `${api.url}/made`, 200],
  ]);
  const secret = 'sk_test_51CalltapeMissKey0123456789';
  expect(await findSecrets(folder, join(folder, 'calls.tape'), [secret])).toEqual([]);
  const again = await mockIn(folder, 'calls.tape');
  expect(await textOf(again, '/new?b=2')).toBe('real 1');
  expect(await textOf(again, '/new?b=2')).toBe('real 2');
  expect(await textOf(again, '/made', init)).toBe('real 3');
  expect(api.asked).toHaveLength(3);
});

test('--on-miss passthrough asks the API and keeps nothing', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  await tapeWith(folder, [call('/known')]);
  const flags = ['--on-miss', 'passthrough', '--upstream', api.url, '--served', 'served.tape'];
  const mock = await mockIn(folder, 'calls.tape', ...flags);
  expect(await textOf(mock, '/known')).toBe(KNOWN);
  expect(await textOf(mock, '/new')).toBe('real 1');
  const redirect = await fetch(`${mock.url}/moved`, { redirect: 'manual' });
  expect(redirect.headers.get('location')).toBe(`${mock.url}/new`);
  expect(await mock.stop()).toMatchObject({ code: 0, stderr: expect.stringContaining('on 2,') });
  expect(callsOn(folder)).toHaveLength(1);
  expect(callsOn(folder, 'served.tape')).toHaveLength(1);
});

test.each([[['--mode', 'none']], [['--on-miss', '404']], [[]]])(
  '%j never calls anybody',
  async (flags) => {
    const [folder, api] = [await emptyFolder(), await countingApi()];
    await tapeWith(folder, [call('/known'), call('/moved')]);
    const mock = await mockIn(folder, 'calls.tape', ...flags);
    expect(
      (await fetch(`${mock.url}/new`, { headers: { host: new URL(api.url).host } })).status,
    ).toBe(404);
    expect(await mock.stop()).toMatchObject({
      stderr: expect.stringContaining('missed 1, faulted 0'),
    });
    expect(api.asked).toEqual([]);
  },
);

test('--mode once records a new tape, and plays it alone from then on', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  const flags = ['fresh.tape', '--mode', 'once', '--upstream', api.url];
  const first = await mockIn(folder, ...flags);
  expect(await textOf(first, '/a')).toBe('real 1');
  await first.stop();
  const second = await mockIn(folder, ...flags);
  expect(await textOf(second, '/a')).toBe('real 1');
  expect((await fetch(`${second.url}/b`)).status).toBe(404);
  await second.stop();
  expect(api.asked).toEqual(['GET /a']);
});

test('--mode all asks for everything anew, and the new answers take the place of the old', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  await tapeWith(folder, [call('/a'), call('/a'), call('/kept')]);
  const mock = await mockIn(folder, 'calls.tape', '--mode', 'all', '--upstream', api.url);
  expect(await textOf(mock, '/a')).toBe('real 1');
  expect(await mock.stop()).toMatchObject({ code: 0 });
  expect(callsOn(folder)).toHaveLength(4);
  const target = `${api.url}/a`;
  // Of another host, the old ones are no recordings of the same call.
  expect(callsOn(folder).at(-1)).toEqual(['GET', target, 200]);
  const flags = ['--mode', 'all', '--upstream', api.url, '--ignore', 'query:at'];
  const again = await mockIn(folder, 'calls.tape', ...flags);
  // The time is left out of what is compared, so it is the same call.
  expect(await textOf(again, '/a?at=now')).toBe('real 2');
  expect(await again.stop()).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('Recorded 1 call on calls.tape, in place of 1 older one.'),
  });
  expect(callsOn(folder).filter(([, url]) => url.startsWith(target))).toEqual([
    ['GET', `${target}?at=now`, 200],
  ]);
});

test('an answer that fails takes the place of none', async () => {
  const folder = await emptyFolder();
  const gone = 'http://127.0.0.1:9';
  await tapeWith(folder, [call('/a')]);
  const mock = await mockIn(folder, 'calls.tape', '--mode', 'all', '--upstream', gone);
  expect((await fetch(`${mock.url}/a`)).status).toBe(502);
  await mock.stop();
  const again = await mockIn(folder, 'calls.tape');
  expect(await textOf(again, '/a')).toBe(KNOWN);
});

test('a call over HTTP/2 passes with its content, and is replayed over HTTP/2', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  const args = ['new.tape', '--tls', '--mode', 'once', '--upstream', api.url];
  const caFile = join(process.env['CALLTAPE_HOME'] ?? '', 'ca.pem');
  const post = async ({ url }: Server): Promise<string> => {
    const client = connect(url, { ca: readFileSync(caFile) });
    const stream = client.request({ ':method': 'POST', ':path': '/a', expect: '100-continue' });
    await once(stream, 'continue');
    stream.end('some content');
    const said = await text(stream);
    client.close();
    return said;
  };
  const mock = await mockIn(folder, ...args);
  expect(await post(mock)).toBe('real 1');
  expect(await mock.stop()).toMatchObject({ code: 0 });
  expect(api.asked).toEqual(['POST /a some content']);
  const again = await mockIn(folder, ...args);
  expect(await post(again)).toBe('real 1');
  expect(api.asked).toHaveLength(1);
});

test('--tls moves the URLs of a call that passes to https', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  const flags = ['new.tape', '--tls', '--on-miss', 'record', '--upstream', api.url];
  const mock = await mockIn(folder, ...flags);
  const ca = readFileSync(join(process.env['CALLTAPE_HOME'] ?? '', 'ca.pem'));
  const [redirect] = await once(get(`${mock.url}/moved`, { ca, agent: false }), 'response');
  expect(redirect.headers.location).toBe(`${mock.url}/new`);
  redirect.resume();
});

test('with an upstream of its own it is no proxy to any other', async () => {
  const [folder, api, other] = [await emptyFolder(), await countingApi(), await countingApi()];
  const mock = await mockIn(folder, 'new.tape', '--on-miss', 'record', '--upstream', api.url);
  const agent = new Agent({ proxyEnv: { HTTP_PROXY: mock.url } });
  const [response] = await once(plainGet(`${other.url}/a`, { agent }), 'response');
  expect(response.statusCode).toBe(404);
  response.resume();
  agent.destroy();
  expect([api.asked, other.asked]).toEqual([[], []]);
});

test('faults strike calls that pass as well', async () => {
  const [folder, api] = [await emptyFolder(), await countingApi()];
  const flags = ['--upstream', api.url, '--mode', 'once', '--fault', 'GET /a status=503 first=1'];
  const mock = await mockIn(folder, 'new.tape', ...flags);
  expect((await fetch(`${mock.url}/a`)).status).toBe(503);
  expect(await textOf(mock, '/a')).toBe('real 1');
  expect(await mock.stop()).toMatchObject({ stderr: expect.stringContaining('faulted 1') });
});

test('several APIs, each below its route, over TLS and from an API with TLS', async () => {
  const folder = await emptyFolder();
  const { flags } = await secureStandIns({ 'a.example': (_method, path) => `a ${path}` });
  const [, ca = '', , map = ''] = flags;
  const [api, secureUrl] = [await countingApi(), map.slice(map.indexOf('=') + 1)];
  const routes = ['--route', `/a=${secureUrl}/base`, '--route', `/b=${api.url}`, '--ca', ca];
  const args = ['new.tape', '--on-miss', 'record', '--tls', ...routes];
  const mock = await mockIn(folder, ...args);
  const plain = { ...mock, url: mock.url.replace('https:', 'http:') };
  expect(await textOf(plain, '/a/x')).toBe('a /base/x');
  expect(await textOf(plain, '/b/x', { method: 'POST', body: 'y' })).toBe('real 1');
  expect((await fetch(`${plain.url}/c/x`)).status).toBe(404);
  await mock.stop();
  expect(callsOn(folder, 'new.tape')).toEqual([
    ['GET', `${secureUrl}/base/x`, 200],
    ['POST', `${api.url}/x`, 200],
  ]);
  const again = await mockIn(folder, 'new.tape', ...routes.slice(0, 4));
  expect(await textOf(again, '/a/x')).toBe('a /base/x');
  expect((await fetch(`${again.url}/b/base/x`)).status).toBe(404);
});

describe('what would start half of a mock is refused', () => {
  test.each([
    [['--on-miss', 'record'], '--mode new_episodes has to know where the API is'],
    [['--mode', 'passthrough'], '--mode passthrough has to know where the API is'],
    [['--upstream', 'http://a.example'], '--upstream says where to ask'],
    [['--upstream', 'a.example', '--on-miss', 'record'], 'has no scheme'],
    [['--mode', 'once', '--on-miss', 'record', '--upstream', 'http://a.example'], 'leave one of'],
    [['--mode', 'all', 'two.tape', '--upstream', 'http://a.example'], 'name that one and no other'],
    [['--mode', 'sometimes'], 'expected one of none, once, new_episodes, all, passthrough'],
    [['--on-miss', 'ask'], 'expected one of 404, passthrough, record'],
    [['--ca', 'roots.pem'], '--ca is about calls to the API'],
    [['--recording', 'mine'], '--recording is about calls that are kept'],
    [
      ['--no-redact', '--on-miss', 'passthrough', '--upstream', 'http://a.example'],
      '--no-redact is',
    ],
    [['--route', '/a=http://a.example', '--route', '/a=http://b.example'], 'given twice'],
    [['--on-miss', 'record', '--upstream', 'http://a.example', '--fault', 'x'], 'Failed'],
  ])('mock new.tape %j', async (flags, sentence) => {
    const folder = await emptyFolder();
    const { code, stdout, stderr } = await calltape(['mock', 'new.tape', ...flags], {
      cwd: folder,
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'new.tape'))).toBe(false);
  });
});
