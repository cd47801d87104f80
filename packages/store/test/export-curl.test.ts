import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { curlCommand, type Exchange, type HeaderLine, toCurl } from '@calltape/store';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { visible } from '../src/visible.ts';
import { anExchange } from './an-exchange.ts';
import { notingServer } from './raw-upstream.ts';

const run = promisify(execFile);

interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array;
  readonly size?: number;
}

function exchange(origin: string, asked: Asked): Exchange {
  const { method = 'GET', target = '/', headers = [], body = new Uint8Array(0) } = asked;
  const size = asked.size ?? body.length;
  return anExchange(origin + target, {
    id: 7,
    request: { method, url: origin + target, headers, body: { bytes: body, size } },
    response: null,
  });
}

const OWN = new Set(['host', 'content-length', 'transfer-encoding', 'expect']);

/** Header lines without those that curl has to write itself. */
function others(flat: readonly string[]): HeaderLine[] {
  const lines = flat.flatMap((name, at): HeaderLine[] =>
    at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : [],
  );
  return lines.filter(([name]) => !OWN.has(name.toLowerCase()));
}

const HOSTILE = [
  `'; touch pwned; '`,
  '$(touch pwned)',
  '`touch pwned`',
  '@/etc/passwd',
  '"\\\'\\',
  '-o pwned',
  '%s%n%d',
  '!!',
  '\u001B]0;title\u0007',
  'é',
  '\t',
  '\u00a0',
];

const value = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ maxLength: 12 }),
    fc
      .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 8 })
      .map((codes) => String.fromCharCode(...codes.filter((code) => code !== 0x7f))),
  )
  // What cannot be in a field value, or is not kept by any parser (RFC 9110 section 5.5).
  .map((text) => text.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, ''))
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ''));

const name = fc.constantFrom(
  'X-One',
  'x-two',
  "X-'Quote",
  'X-$HOME',
  'Accept',
  'User-Agent',
  'X-One',
);

const body = fc.oneof(
  fc.constantFrom(...HOSTILE).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('a=1\nb=2\n')),
  fc.constant(Buffer.alloc(200_000, 'x')),
);

const target = fc.constantFrom(
  '/',
  '/a//b/../c',
  "/it's?q=[1-3]&x={a,b}",
  '/$HOME/`id`',
  '/%00?a=%27',
  '/@x;y',
);

test(
  'a shell sends with it what was sent, and runs nothing of it',
  { timeout: 60_000 },
  async () => {
    const { origin, sent } = await notingServer();
    const folder = mkdtempSync(join(tmpdir(), 'calltape-curl-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const script = join(folder, 'call.sh');
    const asked = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PURGE'),
      target,
      headers: fc.array(fc.tuple(name, value), { maxLength: 5 }),
      body,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (call) => {
        writeFileSync(script, curlCommand(exchange(origin, call)));
        await run('/bin/sh', [script], { cwd: folder });
        expect(readdirSync(folder)).toEqual(['call.sh']);
        const got = sent.pop();
        expect(got).toMatchObject({ method: call.method, target: call.target });
        expect(got?.body.equals(call.body)).toBe(true);
        expect(others(got?.headers ?? [])).toEqual(call.headers);
      }),
      { numRuns: 60 },
    );
  },
);

test('nothing in the text acts on a terminal', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), body, value, (headers, bytes, query) => {
      const call = exchange('http://a.example', { headers, body: bytes, target: `/?${query}` });
      const text = [...toCurl([call, call])].join('');
      expect(visible(text.replaceAll('\n', ''))).toBe(text.replaceAll('\n', ''));
    }),
  );
});

test('reads as a person would write it', () => {
  const call = exchange('https://api.example.com', {
    method: 'POST',
    target: '/v1/things?a=1',
    headers: [
      ['Host', 'api.example.com'],
      ['Content-Type', 'application/json'],
      ['Accept-Encoding', 'gzip, br'],
      ['Accept', '*/*'],
      ['User-Agent', "Ada's client"],
      ['X-Empty', ''],
      ['Content-Length', '9'],
      ['Connection', 'keep-alive'],
    ],
    body: Buffer.from('{"a":"b"}'),
    size: 12,
  });
  expect(curlCommand(call).split('\n')).toEqual([
    '# Call 7: POST https://api.example.com/v1/things?a=1 -> error',
    '# Only the first 9 of 12 bytes of the body were kept.',
    'curl --globoff --path-as-is \\',
    '  --request POST \\',
    "  --header 'Content-Type: application/json' \\",
    "  --header 'Accept-Encoding: gzip, br' \\",
    "  --header 'Accept: */*' \\",
    String.raw`  --header 'User-Agent: Ada'\''s client' ${'\\'}`,
    "  --header 'X-Empty;' \\",
    '  --compressed \\',
    `  --data-raw '{"a":"b"}' \\`,
    "  --url 'https://api.example.com/v1/things?a=1'",
    '',
  ]);
});
