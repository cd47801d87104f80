// calls, show, recordings, endpoints, export and import, as a shell sees them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BIN, calltape, emptyFolder } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith, tapeWithMessages } from './tape-with-calls.ts';

const EVIL = '\u001b]52;c;aGk=\u0007\u001b[2J\u202e';

async function lines(args: readonly string[], cwd: string): Promise<unknown[]> {
  const { code, stdout } = await calltape([...args, '--json'], { cwd });
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('calls', () => {
  test('lists them, the newest last, for people', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [
      call('/a'),
      call('/b', { response: answer(503, 'Service Unavailable', '') }),
      call('/c', { response: null, outcome: 'error', errorType: 'ECONNREFUSED' }),
    ]);
    const { code, stdout, stderr } = await calltape(['calls'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      expect.stringMatching(/^ID +STARTED \(UTC\) +METHOD +RESULT +MS +SIZE +URL$/),
      expect.stringMatching(/1 +2026-11-24 03:48:28 +GET +200 +12\.5 +21 B +https.*\/a$/),
      expect.stringMatching(/2 .+ GET +503 .+\/b$/),
      expect.stringMatching(/3 .+ GET +ECONNREFUSED .+\/c$/),
      '',
    ]);
  });

  test('gives programs the columns of the calls view', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/v1/customers/12345')]);
    expect(await lines(['calls'], folder)).toEqual([
      {
        id: 1,
        recording: 'first',
        started_at: '2026-11-24T03:48:28.123Z',
        method: 'GET',
        url: `${ORIGIN}/v1/customers/12345`,
        host: 'api.example.com',
        endpoint: expect.stringMatching(/^\/v1\/customers\/\{.+\}$/),
        status: 200,
        status_text: 'OK',
        outcome: 'complete',
        error_type: null,
        duration_ms: 12.5,
        ttfb_ms: 10,
        request_bytes: 0,
        response_bytes: 21,
        source: 'proxy',
      },
    ]);
  });

  test('takes filters, a recording and a limit', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b', { response: answer(500, 'Oops', '') })]);
    await tapeWith(folder, [call('/c'), call('/d')], 'second');
    const urls = async (...args: string[]): Promise<unknown[]> => {
      const rows = await lines(['calls', ...args], folder);
      return rows.map((row) => Object(row).url.slice(ORIGIN.length));
    };
    expect(await urls()).toEqual(['/a', '/b', '/c', '/d']);
    expect(await urls('--limit', '3')).toEqual(['/b', '/c', '/d']);
    expect(await urls('--recording', 'second')).toEqual(['/c', '/d']);
    expect(await urls('status:5xx')).toEqual(['/b']);
  });

  test('says on stderr when there are none, and nothing with --quiet', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, []);
    const none = { code: 0, stdout: '', stderr: 'No calls on calls.tape.\n' };
    expect(await calltape(['calls'], { cwd: folder })).toEqual(none);
    expect(await calltape(['calls', '--quiet'], { cwd: folder })).toEqual({ ...none, stderr: '' });
  });

  test('finds the tape by --tape, else by CALLTAPE_TAPE', async () => {
    const file = await tapeWith(await emptyFolder(), [call('/a')]);
    const env = { CALLTAPE_TAPE: file };
    expect(await calltape(['calls'], { env })).toMatchObject({ code: 0 });
    const both = await calltape(['calls', '--tape', 'no.tape'], { env });
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('no.tape') });
  });

  test('ends quietly when its reader has had enough', async () => {
    const folder = await emptyFolder();
    const long = `/${'x'.repeat(2000)}`;
    await tapeWith(
      folder,
      Array.from({ length: 300 }, () => call(long)),
    );
    const child = spawn(process.execPath, [BIN, 'calls', '--limit', '300'], { cwd: folder });
    let stderr = '';
    child.stderr.on('data', (piece: Buffer) => {
      stderr += piece.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('show', () => {
  const gzipped = gzipSync('{"a":[1,2]}');
  const zipped = call('/zipped', {
    method: 'POST',
    body: { pieces: [Buffer.from('a=1&b=2')], size: 7, hash: null },
    response: {
      ...answer(200, 'OK', ''),
      headers: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'],
      body: { pieces: [gzipped], size: gzipped.length, hash: null },
      trailers: ['X-Checksum', 'abc'],
    },
  });

  test('prints heads, decoded bodies and timings', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [{ ...zipped, timings: { ...zipped.timings, wait: 10, receive: 2.5 } }]);
    const { code, stdout } = await calltape(['show', '1'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'Call 1 of recording first, 2026-11-24 03:48:28.123 UTC: complete',
        `  wait     10.0 ms  ${'█'.repeat(32)}`,
        `  receive   2.5 ms  ${' '.repeat(32)}${'█'.repeat(8)}`,
        '  total    12.5 ms',
        '',
        `POST ${ORIGIN}/zipped HTTP/1.1`,
        'Accept: application/json',
        '',
        'a=1&b=2',
        '',
        'HTTP/1.1 200 OK',
        'Content-Type: application/json',
        'Content-Encoding: gzip',
        '',
        '{',
        '  "a": [',
        '    1,',
        '    2',
        '  ]',
        '}',
        '',
        'X-Checksum: abc',
        '',
      ].join('\n'),
    );
  });

  test('gives programs one value', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [zipped]);
    expect(await lines(['show', '1'], folder)).toEqual([
      expect.objectContaining({
        id: 1,
        outcome: 'complete',
        request: expect.objectContaining({ method: 'POST', url: `${ORIGIN}/zipped` }),
        response: expect.objectContaining({
          status: 200,
          body: { size: gzipped.length, text: '{"a":[1,2]}', complete: true, problem: null },
        }),
      }),
    ]);
  });

  test('takes several calls and the word last, and parts of them', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), zipped]);
    const out = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await calltape(['show', ...args], { cwd: folder });
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    expect(await out('2')).toBe(await out('last'));
    expect(await out('1', '2')).toBe(`${await out('1')}\n${await out('2')}`);
    expect(await out('last', '--request')).toBe(
      `POST ${ORIGIN}/zipped HTTP/1.1\nAccept: application/json\n\na=1&b=2\n`,
    );
    expect(await out('1', '--response')).toMatch(/^HTTP\/1\.1 200 OK\nContent-Type: /);
    expect(await out('2', '--body')).toBe('{"a":[1,2]}');
    expect(await out('2', '--body', '--request')).toBe('a=1&b=2');
    expect(await out('2', '--raw', '--request')).toBe('a=1&b=2');
    expect(await out('2', '--curl')).toMatch(/^# Call 2: POST .*\ncurl --globoff/);
  });

  test('shows all there is: errors, peer, retries, 1xx, repeated fields, big numbers', async () => {
    const folder = await emptyFolder();
    const full = call('/full', {
      peerAddress: '192.0.2.7',
      retries: 1,
      timings: { ...zipped.timings, dns: 10, connect: 30, ssl: 20, send: 0, wait: 40, receive: 20 },
      durationMs: 100,
      outcome: 'truncated',
      errorType: 'UPSTREAM_CUT',
      errorMessage: 'The answer was cut. Try again.',
      response: {
        ...answer(200, 'OK', '{"id":12345678901234567890,"price":1.10}'),
        headers: ['Content-Type', 'application/json', 'Set-Cookie', 'a', 'set-cookie', 'b'],
        interim: [{ status: 103, statusText: 'Early Hints', headers: ['Link', '</x>'], atMs: 5 }],
      },
    });
    await tapeWith(folder, [full]);
    const { stdout } = await calltape(['show', '1', '1'], { cwd: folder });
    const shown = stdout.split('\n');
    expect(shown).toEqual(
      expect.arrayContaining([
        'UPSTREAM_CUT: The answer was cut. Try again.',
        'connected to 192.0.2.7',
        'sent again once: the upstream had closed a connection that was kept for it',
        `  dns       10.0 ms  ${'█'.repeat(4)}`,
        `  connect   30.0 ms  ${' '.repeat(4)}${'█'.repeat(12)}`,
        `  tls       20.0 ms  ${' '.repeat(8)}${'█'.repeat(8)}`,
        `  total    100.0 ms`,
        'HTTP/1.1 103 Early Hints (after 5.0 ms)',
        'Link: </x>',
        '  "id": 12345678901234567890,',
        '  "price": 1.10',
      ]),
    );
    expect(shown.filter((line) => /^set-cookie: /i.test(line))).toHaveLength(4);
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(81);
  });

  test('shows what is no text in hexadecimal, the beginning of what is long', async () => {
    const folder = await emptyFolder();
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, at) => at % 256));
    const image = answer(200, 'OK', '');
    const body = { pieces: [bytes], size: bytes.length, hash: null };
    await tapeWith(folder, [
      call('/image', { response: { ...image, headers: ['Content-Type', 'image/png'], body } }),
      call('/long', { response: { ...answer(200, 'OK', 'x'.repeat(100_000)) } }),
    ]);
    const { stdout } = await calltape(['show', '1'], { cwd: folder });
    expect(stdout).toContain('(binary, 300 B; its first 256 bytes are shown, --body gives all)');
    expect(stdout).toContain(
      '00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO\n',
    );
    const long = await calltape(['show', '2'], { cwd: folder });
    expect(long.stdout).toContain('(97.7 kB of text, its beginning is shown; --body gives all)');
    expect(long.stdout.length).toBeLessThan(70_000);
  });

  test('--raw writes the bytes as they came', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [zipped]);
    const child = spawn(process.execPath, [BIN, 'show', '1', '--raw'], { cwd: folder });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    const [code] = await once(child, 'close');
    expect([code, Buffer.concat(pieces)]).toEqual([0, gzipped]);
  });
});

test('no text of a tape acts on a terminal', async () => {
  const folder = await emptyFolder();
  const evil = call(`/${EVIL}`, {
    headers: ['X-Evil', EVIL],
    response: { ...answer(200, EVIL, `text ${EVIL}`), headers: ['Content-Type', 'text/plain'] },
  });
  await tapeWith(folder, [evil], EVIL);
  const commands = [['calls'], ['show', '1'], ['recordings'], ['endpoints'], ['export']];
  for (const command of [...commands, ['calls', '--json'], ['show', '1', '--json']]) {
    const { code, stdout } = await calltape(command, { cwd: folder });
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

describe('recordings and endpoints', () => {
  test('list what is on the tape', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/a', { response: answer(500, 'Oops', '') })]);
    const recordings = await calltape(['recordings'], { cwd: folder });
    expect(recordings.stdout).toMatch(/proxy +0 +first +https:\/\/api\.example\.com\n$/);
    expect(await lines(['recordings'], folder)).toEqual([
      expect.objectContaining({ name: 'first', source: 'proxy', upstream: ORIGIN, lost_calls: 0 }),
    ]);
    const listed = await calltape(['endpoints'], { cwd: folder });
    expect(listed.stdout).toMatch(/GET +https:\/\/api\.example\.com\/a +2 +90% +/);
    await calltape(['endpoints', 'set', 'GET /{letter}'], { cwd: folder });
    expect(await lines(['endpoints'], folder)).toEqual([
      {
        endpoints: [
          {
            method: 'GET',
            origin: ORIGIN,
            path_template: '/{letter}',
            calls: 2,
            members: ['/a'],
            confidence: 1,
            reason: 'set as GET /{letter}',
            parameters: [{ name: 'letter', found_by: 'user' }],
          },
        ],
      },
    ]);
    expect(await lines(['calls'], folder)).toMatchObject([
      { endpoint: '/{letter}' },
      { endpoint: '/{letter}' },
    ]);
  });
});

describe('export and import', () => {
  test('what was exported comes back as it was', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b', { response: answer(500, 'Oops', '{}') })]);
    const exported = await calltape(['export', '-o', 'two.har'], { cwd: folder });
    expect(exported).toMatchObject({ code: 0, stdout: '' });
    expect(exported.stderr).toBe('Wrote 2 calls of calls.tape to two.har.\n');
    const imported = await calltape(['import', 'two.har', '--tape', 'new.tape'], { cwd: folder });
    expect(imported).toMatchObject({ code: 0, stdout: '' });
    const before = await lines(['calls'], folder);
    const after = await lines(['calls', '--tape', 'new.tape'], folder);
    const changed = { recording: 'two', source: 'har' };
    expect(after).toEqual(before.map((row) => ({ ...Object(row), ...changed })));
  });

  test('export writes to stdout, filtered, and replaces a file only when forced', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b', { response: answer(500, 'Oops', '{}') })]);
    const { stdout } = await calltape(['export', 'status:5xx'], { cwd: folder });
    expect(JSON.parse(stdout).log.entries).toHaveLength(1);
    await writeFile(join(folder, 'old.har'), 'old');
    const args = ['export', 'status:5xx', '-o', 'old.har', '--force'];
    expect(await calltape(args, { cwd: folder })).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'old.har'), 'utf8')).toBe(stdout);
  });

  test('import tells programs what it did', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'none.har'), '{"log":{"version":"1.2","entries":[]}}');
    expect(await lines(['import', 'none.har'], folder)).toEqual([
      { file: 'none.har', recording: 'none', calls: 0, left_out: {} },
    ]);
  });
});

describe('help and version', () => {
  test.each([[['--help']], [['help', 'mock']], [['mock', '--help']]])(
    '%j is data on stdout',
    async (args) => {
      const { code, stdout, stderr } = await calltape(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Examples:');
    },
  );

  test('the version is that of the package', async () => {
    const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
    const { version } = JSON.parse(manifest);
    expect(await calltape(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(JSON.parse((await calltape(['--version', '--json'])).stdout)).toEqual({ version });
  });
});

async function webSocketTape(): Promise<string> {
  const folder = await emptyFolder();
  const response = {
    ...answer(101, 'Switching Protocols', ''),
    headers: ['Upgrade', 'websocket'],
  };
  await tapeWithMessages(folder, call('/chat', { response }), [
    ['sent', 'text', Buffer.from('{"hello":"there"}')],
    ['received', 'text', Buffer.from(`first line\n${EVIL}`)],
    ['received', 'binary', Buffer.from([0xff, 0x00])],
    ['sent', 'close', Buffer.from([0x03, 0xe8, 0x6f, 0x6b])],
  ]);
  return folder;
}

describe('show of a WebSocket', () => {
  test('lists its messages for people, harmless', async () => {
    const { code, stdout } = await calltape(['show', '1'], { cwd: await webSocketTape() });
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    const [, listing = ''] = stdout.split('\nWebSocket: ');
    expect(listing.split('\n').map((line) => line.trim())).toEqual([
      '2 messages of the client, 2 of the server',
      expect.stringMatching(/^AT +FROM +KIND +SIZE +CONTENT$/),
      expect.stringMatching(/^0\.005 s +client +text +17 B +\{"hello":"there"\}$/),
      expect.stringMatching(/^0\.010 s +server +text .* first line␊␛\]52/),
      expect.stringMatching(/^0\.015 s +server +binary +2 B +ff00$/),
      expect.stringMatching(/^0\.020 s +client +close +4 B +1000 ok$/),
      '',
    ]);
  });

  test('gives programs all of them', async () => {
    const [shown] = await lines(['show', '1'], await webSocketTape());
    expect(shown).toMatchObject({
      websocket: {
        sent: 2,
        received: 2,
        dropped: 0,
        messages: [
          { direction: 'sent', kind: 'text', text: '{"hello":"there"}', at_ms: 5, size: 17 },
          { direction: 'received', kind: 'text', text: `first line\n${EVIL}` },
          { direction: 'received', kind: 'binary', base64: '/wA=' },
          { direction: 'sent', kind: 'close', code: 1000, reason: 'ok' },
        ],
      },
    });
  });

  test('export and import keep them', async () => {
    const folder = await webSocketTape();
    await calltape(['export', '-o', 'calls.har'], { cwd: folder });
    const copied = await calltape(['import', 'calls.har', '--tape', 'copy.tape'], { cwd: folder });
    expect(copied.code).toBe(0);
    const [one] = await lines(['show', '1'], folder);
    const [two] = await lines(['show', '1', '--tape', 'copy.tape'], folder);
    expect(two).toMatchObject({ websocket: JSON.parse(JSON.stringify(one)).websocket });
  });
});
