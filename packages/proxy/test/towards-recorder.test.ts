import { expect, test } from 'vitest';
import { towardsRecorder } from '../src/towards-recorder.ts';
import { parseUpstream } from '../src/upstream.ts';
import { record } from './recorder.ts';
import { dial, rawUpstream } from './wire.ts';

const RECORDER = 'http://127.0.0.1:4880';

function moved(name: string, value: string, upstream = 'https://api.example.com'): string {
  return towardsRecorder(['X-First', '1', name, value], parseUpstream(upstream), RECORDER)[3] ?? '';
}

test.each([
  ['Location', 'https://api.example.com/a/../%7Eb//c?d=e#f', `${RECORDER}/a/../%7Eb//c?d=e#f`],
  ['location', 'HTTPS://API.example.com:443', RECORDER],
  ['Location', 'https://api.example.com?q', `${RECORDER}?q`],
  ['Content-Location', 'https://api.example.com/a', `${RECORDER}/a`],
  [
    'Link',
    '<https://api.example.com/i?page=2>; rel="next", <https://other.example/i>; rel="x"',
    `<${RECORDER}/i?page=2>; rel="next", <https://other.example/i>; rel="x"`,
  ],
  ['Set-Cookie', 'a=1; Domain=api.example.com; Path=/', 'a=1; Path=/'],
  ['set-cookie', 'a=1; Path=/; domain=.Example.com', 'a=1; Path=/'],
])('%s: %s is moved', (name, value, expected) => {
  expect(moved(name, value)).toBe(expected);
});

test.each([
  ['Location', '/relative'],
  ['Location', 'http://api.example.com/'],
  ['Location', 'https://api.example.com:8443/'],
  ['Location', 'https://api.example.com.evil.example/'],
  ['Location', 'https://api.example.com@evil.example/'],
  ['X-Location', 'https://api.example.com/'],
  ['Set-Cookie', 'a=1; Domain=other.example'],
  ['Set-Cookie', 'domain=api.example.com'],
])('%s: %s stays', (name, value) => {
  expect(moved(name, value)).toBe(value);
});

test('a base path is taken off, and URLs outside of it stay', () => {
  const upstream = 'https://example.com/api';
  expect(moved('Location', 'https://example.com/api/x', upstream)).toBe(`${RECORDER}/x`);
  expect(moved('Location', 'https://example.com/api', upstream)).toBe(RECORDER);
  const outside = 'https://example.com/apis/x';
  expect(moved('Location', outside, upstream)).toBe(outside);
});

test('the client is sent to the recorder by the name it used; the tape keeps the original', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      const next = `http://127.0.0.1:${wire.socket.localPort}/next`;
      wire.send(`HTTP/1.1 302 Found\r\nLocation: ${next}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const name = `localhost:${recorder.port}`;
  await client.send(`GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`).until(/\r\n\r\n$/);
  expect(client.text).toContain(`Location: http://${name}/next\r\n`);
  expect((await recorder.row()).response?.headers).toContainEqual([
    'Location',
    `${upstream.url}/next`,
  ]);
});
