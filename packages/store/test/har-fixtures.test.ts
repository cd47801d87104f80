import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CallDraft, importCalls } from '@calltape/store';
import { expect, test } from 'vitest';

function imported(tool: string) {
  const file = fileURLToPath(new URL(`../../../fixtures/har/${tool}.har`, import.meta.url));
  return importCalls(readFileSync(file, 'utf8'), `${tool}.har`);
}

function only(tool: string): CallDraft {
  const { drafts } = imported(tool);
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error('no call');
  return draft;
}

const body = (content: string | Uint8Array) => {
  const bytes = Buffer.from(content);
  return { pieces: [bytes], size: bytes.length, hash: null };
};
const NONE = { pieces: [], size: 0, hash: null };

test('Chrome: pseudo fields, joined cookies, decoded content, data: and blob: left out', () => {
  const { drafts, leftOut } = imported('chrome');
  expect([...leftOut]).toEqual([
    ['data: URL', 1],
    ['blob: URL', 1],
  ]);
  expect(drafts).toHaveLength(2);
  expect(drafts[0]).toMatchObject({
    method: 'POST',
    url: 'https://shop.example/api/orders?dry=1',
    httpVersion: '2',
    headers: [
      'Host',
      'shop.example',
      'content-type',
      'application/json',
      'accept-encoding',
      'gzip, deflate, br, zstd',
    ],
    body: body('{"item":"ä"}'),
    peerAddress: '2001:db8::1',
    durationMs: 35.5,
    ttfbMs: 33.5,
    timings: { blocked: 1.5, dns: 2, connect: 12, ssl: 8, send: 0.5, wait: 17.5, receive: 2 },
    response: {
      status: 201,
      headers: [
        'content-type',
        'application/json',
        'content-length',
        '12',
        'set-cookie',
        'a=1',
        'set-cookie',
        'b=2',
      ],
      body: body('{"id":"o_1"}'),
    },
  });
  expect(drafts[1]).toMatchObject({ url: 'https://shop.example/live', response: { status: 101 } });
  expect(drafts[1]?.messages).toMatchObject([
    { direction: 'sent', kind: 'text', pieces: [Buffer.from('hi')] },
    { direction: 'received', kind: 'text', pieces: [Buffer.from('ho')] },
  ]);
});

test('Chrome, sanitised, h3, without an answer', () => {
  expect(only('chrome-sanitized')).toMatchObject({
    headers: ['Host', 'shop.example', 'accept', '*/*'],
    outcome: 'error',
    errorType: 'net::ERR_CONNECTION_REFUSED',
    response: null,
    peerAddress: null,
  });
});

test('Firefox: null for what does not apply, parameters without text, a time zone', () => {
  expect(only('firefox')).toMatchObject({
    startedAt: Date.UTC(2026, 10, 20, 10, 0, 0, 123),
    body: body('name=Ada&note=a+b%26c'),
    timings: { blocked: null, dns: 0, connect: null, ssl: null, wait: 30, receive: null },
    response: { status: 302, body: NONE },
  });
});

test('Safari: base64', () => {
  expect(only('safari')).toMatchObject({
    httpVersion: '2',
    response: { body: body(Buffer.from([0x89, 0x50, 0x4e, 0x47])) },
  });
});

test('mitmproxy: ssl beside connect, wire length as content size, killed connections', () => {
  const [whole, killed] = imported('mitmproxy').drafts;
  expect(whole).toMatchObject({
    timings: { connect: 25, ssl: 15 },
    response: {
      headers: ['Content-Type', 'text/plain', 'Content-Length', '5'],
      body: body('hello'),
    },
  });
  expect(killed).toMatchObject({
    response: null,
    outcome: 'error',
    errorMessage: 'Connection killed.',
  });
});

test('Charles: multipart parameters, null for no redirect', () => {
  const draft = only('charles');
  expect(Buffer.concat(draft.body.pieces).toString()).toContain('filename="a.txt"');
  expect(draft.response?.body).toEqual(body(Buffer.from([0, 255, 1])));
});

test('Fiddler: a body left out keeps its length', () => {
  expect(only('fiddler')).toMatchObject({
    response: { body: { pieces: [], size: 50_000 } },
  });
});

test('Proxyman: text in the charset of its header', () => {
  expect(only('proxyman')).toMatchObject({
    response: { status: 500, body: body(Buffer.from('Zoë', 'latin1')) },
  });
});

test('HTTP Toolkit: binary request bodies', () => {
  expect(only('http-toolkit')).toMatchObject({ body: body(Buffer.from([0, 255, 1])) });
});

test('Insomnia: empty postData is no body', () => {
  expect(only('insomnia')).toMatchObject({ body: NONE, response: { body: body('{}') } });
});

test('Polly: encoded content as a list of base64 pieces', () => {
  const { response } = only('polly');
  expect(response?.headers).toContain('gzip');
  expect(Buffer.concat(response?.body.pieces ?? []).subarray(0, 2)).toEqual(
    Buffer.from([0x1f, 0x8b]),
  );
});
