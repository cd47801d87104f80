import { expect, test } from 'vitest';
import { BodyUrls } from '@calltape/store';
import { parseUpstream } from '../src/upstream.ts';

const HOST = 'localhost:4880';
const ALL = new BodyUrls(
  Object.entries({
    '': 'https://api.example.com',
    '/base': 'https://files.example.com/base',
    '/deep': 'https://files.example.com/base/v1',
    '/plain': 'http://[::1]:8080',
    '/odd': 'https://odd.example/https',
  }).map(([prefix, url]) => ({ prefix, upstream: parseUpstream(url) })),
);

function moved(...pieces: string[]): string {
  const shift = ALL.towards(HOST);
  return pieces.map((piece) => shift.push(piece)).join('') + shift.end();
}

const MOVED = [
  ['"https://api.example.com/v1?a#b"', '"http://localhost:4880/v1?a#b"'],
  ['https://api.example.com', 'http://localhost:4880'],
  [
    'See https://api.example.com. Or https://api.example.com: yes',
    'See http://localhost:4880. Or http://localhost:4880: yes',
  ],
  ['HTTPS://API.Example.COM:443/A', 'http://localhost:4880/A'],
  ['<a href=https://api.example.com>', '<a href=http://localhost:4880>'],
  ["url('https://api.example.com/a.css')", "url('http://localhost:4880/a.css')"],
  ['`https://api.example.com${path}`', '`http://localhost:4880${path}`'],
  ['wss://api.example.com/socket', 'ws://localhost:4880/socket'],
  [
    String.raw`{"u":"https:\/\/api.example.com\/v1"}`,
    String.raw`{"u":"http:\/\/localhost:4880\/v1"}`,
  ],
  [
    String.raw`"{\"u\":\"https:\\\/\\\/api.example.com\\\/v1\"}"`,
    String.raw`"{\"u\":\"http:\\\/\\\/localhost:4880\\\/v1\"}"`,
  ],
  ['?to=https%3A%2F%2Fapi.example.com%2Fv1&x', '?to=http%3A%2F%2Flocalhost%3A4880%2Fv1&x'],
  ['?to=https%3a%2f%2fapi.example.com%3a443%2fv1', '?to=http%3A%2F%2Flocalhost%3A4880%2fv1'],
  [
    '?a=%3Fb%3Dhttps%253A%252F%252Fapi.example.com%252Fv1',
    '?a=%3Fb%3Dhttp%253A%252F%252Flocalhost%253A4880%252Fv1',
  ],
  ['https://files.example.com/base/a', 'http://localhost:4880/base/a'],
  ['"https://files.example.com/base"', '"http://localhost:4880/base"'],
  ['https://files.example.com/base?q', 'http://localhost:4880/base?q'],
  ['https://files.example.com/base/v1/a', 'http://localhost:4880/deep/a'],
  ['https://files.example.com/base/v10/a', 'http://localhost:4880/base/v10/a'],
  ['https%3A%2F%2Ffiles.example.com%2Fbase%2Fv1%2Fa', 'http%3A%2F%2Flocalhost%3A4880%2Fdeep%2Fa'],
  ['http://[::1]:8080/a', 'http://localhost:4880/plain/a'],
  ['http%3A%2F%2F%5B%3A%3A1%5D%3A8080%2Fa', 'http%3A%2F%2Flocalhost%3A4880%2Fplain%2Fa'],
  [
    'https://api.example.comhttps://api.example.com/',
    'https://api.example.comhttp://localhost:4880/',
  ],
  ['https://odd.example/https://x', 'http://localhost:4880/odd://x'],
] as const;

const LEFT = [
  'http://api.example.com/',
  'https://api.example.com:8443/',
  'https://api.example.com:4433/',
  'https://api.example.com.evil.example/',
  'https://api.example.com@evil.example/',
  'https://api.example.com:pw@evil.example/',
  'https://api.example.com-x/',
  'https://api.example.comx',
  'https://api.example.com%2Dx',
  'https%3A%2F%2Fapi.example.com%3A8443%2F',
  'https%3A%2F%2Fapi.example.com%40evil.example',
  'https%3A%2F%2Fapi.example.com.evil.example',
  'https://my-api.example.com/',
  'https://files.example.com/',
  'https://files.example.com/bases',
  'https://files.example.com/Base/',
  'https://files.example.com/base-2',
  'https://files.example.com/base.json',
  '//api.example.com/',
  'http://[::1]:80800/',
  'hhhttps:/ https:// https://api.example.co',
];

test.each(MOVED)('%s becomes %s', (text, expected) => {
  expect(moved(text)).toBe(expected);
});

test.each(LEFT)('%s stays', (text) => {
  expect(moved(text)).toBe(text);
});

test('wherever a text is cut into pieces, the outcome is the same', () => {
  for (const [text, expected] of [...MOVED, ...LEFT.map((same) => [same, same] as const)]) {
    expect(moved(...text.split(''))).toBe(expected);
    for (let at = 1; at < text.length; at += 1) {
      expect(moved(text.slice(0, at), text.slice(at))).toBe(expected);
    }
  }
});

test('no more is kept back than half a URL, and nothing once it is over', () => {
  const shift = ALL.towards(HOST);
  expect(shift.push('data: https://api.example.com\n\n')).toBe('data: http://localhost:4880\n\n');
  expect(shift.push('data: https://api.ex')).toBe('data: ');
  expect(shift.push('ample.com')).toBe('');
  expect(shift.push('"')).toBe('http://localhost:4880"');
  expect(shift.push('h'.repeat(10_000))).toHaveLength(9999);
  expect(shift.push('https://api.example.com/')).toBe('hhttp://localhost:4880/');
});
