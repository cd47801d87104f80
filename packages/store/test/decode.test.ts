import { createHash } from 'node:crypto';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeBody } from '../src/decode.ts';
import { bodyText } from '../src/decode-text.ts';
import type { HeaderLine } from '../src/exchange.ts';

/** Text that compresses to a part of itself, but not to one long repetition. */
function prose(lines: number): Buffer {
  const out: string[] = [];
  for (let at = 0; at < lines; at += 1) {
    out.push(`line ${at} ${createHash('sha256').update(String(at)).digest('hex')}`);
  }
  return Buffer.from(out.join('\n'));
}

function coded(coding: string): HeaderLine[] {
  return [['Content-Encoding', coding]];
}

const decode = (
  bytes: Uint8Array,
  coding: string,
  limits: Parameters<typeof decodeBody>[2] = {},
): ReturnType<typeof decodeBody> =>
  decodeBody({ bytes, size: bytes.length }, coded(coding), limits);

const content = prose(5000);
const encoders: [string, (bytes: Uint8Array) => Buffer][] = [
  ['gzip', (bytes) => gzipSync(bytes)],
  ['x-gzip', (bytes) => gzipSync(bytes)],
  ['GZip', (bytes) => gzipSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['deflate', (bytes) => deflateRawSync(bytes)],
];

describe.each(encoders)('%s', (coding, encode) => {
  test('decodes whole', () => {
    const decoded = decode(encode(content), coding);
    expect(content.equals(decoded.bytes)).toBe(true);
    expect(decoded).toMatchObject({ complete: true, problem: null });
  });

  test('decodes nothing into nothing', () => {
    expect(decode(new Uint8Array(0), coding)).toMatchObject({ complete: true, problem: null });
    expect(decode(encode(new Uint8Array(0)), coding)).toEqual({
      bytes: Buffer.alloc(0),
      complete: true,
      isPlain: true,
      problem: null,
    });
  });

  test('a stream that ends early decodes as far as it goes', () => {
    const wire = encode(content);
    const decoded = decode(wire.subarray(0, Math.floor(wire.length * 0.7)), coding);
    expect(decoded.bytes.length).toBeGreaterThan(content.length * 0.3);
    expect(content.subarray(0, decoded.bytes.length).equals(decoded.bytes)).toBe(true);
    expect(decoded.complete).toBe(false);
    expect(decoded.problem).toMatch(/ends early/);
  });

  test('a body cut by the body limit names both lengths', () => {
    const wire = encode(content);
    const kept = wire.subarray(0, wire.length - 20);
    const decoded = decodeBody({ bytes: kept, size: wire.length }, coded(coding));
    expect(decoded.bytes.length).toBeGreaterThan(0);
    expect(decoded.complete).toBe(false);
    expect(decoded.problem).toContain(`first ${kept.length} of ${wire.length} bytes`);
  });

  test('output over the limit gives exactly the beginning that fits', () => {
    const wire = encode(content);
    for (const maxBytes of [0, 1, 1000, content.length - 1]) {
      const decoded = decode(wire, coding, { maxBytes });
      expect(decoded.bytes.length).toBe(maxBytes);
      expect(content.subarray(0, maxBytes).equals(decoded.bytes)).toBe(true);
      expect(decoded.complete).toBe(false);
      expect(decoded.problem).toMatch(/over the limit/);
    }
    expect(decode(wire, coding, { maxBytes: content.length }).complete).toBe(true);
  });

  test('a bomb stops at the limit, soon', () => {
    const bomb = encode(Buffer.alloc(32 * 1024 * 1024));
    const decoded = decode(bomb, coding, { maxBytes: 100_000 });
    expect(decoded.bytes.length).toBe(100_000);
    expect(decoded.problem).toMatch(/over the limit/);
  });

  test('data that is not what the header says comes back as it is', () => {
    const plain = Buffer.from('{"error":"this was never compressed"}');
    const decoded = decode(plain, coding);
    expect(plain.equals(decoded.bytes)).toBe(true);
    expect(decoded.complete).toBe(false);
    expect(decoded.problem).toMatch(/content-encoding promises|ends early/);
  });
});

test('damage in the middle keeps what came before it', () => {
  const wire = gzipSync(content);
  wire.fill(0xff, wire.length >> 1, (wire.length >> 1) + 50);
  const decoded = decode(wire, 'gzip');
  expect(decoded.complete).toBe(false);
  expect(decoded.bytes.length).toBeGreaterThan(content.length / 4);
  const same = content.length / 4;
  expect(content.subarray(0, same).equals(decoded.bytes.subarray(0, same))).toBe(true);
});

test('concatenated gzip members and zstd frames decode whole', () => {
  const parts = [Buffer.from('one, '), content, Buffer.from('three')];
  const whole = Buffer.concat(parts);
  const gzip = Buffer.concat(parts.map((part) => gzipSync(part)));
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const frames = parts.flatMap((part) => [zstdCompressSync(part), skippable]);
  for (const [coding, wire] of [
    ['gzip', gzip],
    ['zstd', Buffer.concat(frames)],
    ['zstd', Buffer.concat(parts.map((part) => zstdCompressSync(part)))],
  ] as const) {
    const decoded = decode(wire, coding);
    expect(decoded).toMatchObject({ complete: true, problem: null });
    expect(whole.equals(decoded.bytes)).toBe(true);
  }
});

test('zstd frames of every header shape are told apart', () => {
  const sizes = [0, 1, 255, 256, 65_791, 65_792, 200_000];
  const parts = sizes.map((size) => Buffer.alloc(size, 'ab'));
  for (const checksum of [0, 1]) {
    const params = { [constants.ZSTD_c_checksumFlag]: checksum };
    const wire = Buffer.concat(parts.map((part) => zstdCompressSync(part, { params })));
    expect(Buffer.concat(parts).equals(decode(wire, 'zstd').bytes)).toBe(true);
  }
});

test('a zstd body whose second frame is cut keeps the first', () => {
  const wire = Buffer.concat([
    zstdCompressSync('first '),
    zstdCompressSync('second').subarray(0, 9),
  ]);
  const decoded = decode(wire, 'zstd');
  expect(Buffer.from(decoded.bytes).toString()).toBe('first ');
  expect(decoded.problem).toMatch(/ends early/);
});

test('a body of a million empty frames does not take long', () => {
  const empty = zstdCompressSync('');
  const decoded = decode(Buffer.alloc(empty.length * 100_000, empty), 'zstd');
  expect(decoded.complete).toBe(false);
});

test('layered codings come off in reverse order', () => {
  const wire = zstdCompressSync(brotliCompressSync(gzipSync(content.subarray(0, 50_000))));
  const headers: HeaderLine[] = [
    ['content-encoding', 'gzip, identity,br'],
    ['Content-Encoding', 'ZSTD'],
  ];
  const decoded = decodeBody({ bytes: wire, size: wire.length }, headers);
  expect(content.subarray(0, 50_000).equals(decoded.bytes)).toBe(true);
  expect(decoded.complete).toBe(true);
  const refused = decodeBody({ bytes: wire, size: wire.length }, headers, { maxLayers: 2 });
  expect(wire.equals(refused.bytes)).toBe(true);
  expect(refused.problem).toMatch(/3 content codings/);
});

test('an unknown coding is left on and named', () => {
  const decoded = decode(Buffer.from('abc'), 'compress');
  expect(Buffer.from(decoded.bytes).toString()).toBe('abc');
  expect(decoded.problem).toContain('"compress"');
  const half = decode(gzipSync('abc'), 'aws-chunked, gzip');
  expect(Buffer.from(half.bytes).toString()).toBe('abc');
  expect(half.problem).toContain('"aws-chunked"');
});

test('a plain body is bounded too', () => {
  const bytes = Buffer.from('0123456789');
  expect(decodeBody({ bytes, size: 10 }, [])).toEqual({
    bytes,
    complete: true,
    isPlain: true,
    problem: null,
  });
  const bounded = decodeBody({ bytes, size: 10 }, [], { maxBytes: 4 });
  expect(Buffer.from(bounded.bytes).toString()).toBe('0123');
  expect(bounded.complete).toBe(false);
  const cut = decodeBody({ bytes, size: 99 }, []);
  expect(cut).toMatchObject({ complete: false, problem: expect.stringContaining('of 99 bytes') });
});

test('no limit at all is a limit too', () => {
  const decoded = decode(gzipSync('abc'), 'gzip', { maxBytes: Number.POSITIVE_INFINITY });
  expect(decoded.complete).toBe(true);
});

const text = (bytes: Uint8Array, type: string | null, complete = true): string | null =>
  bodyText(
    { bytes, isPlain: true, complete, problem: null },
    type === null ? [] : [['Content-Type', type]],
  );

describe('bodyText', () => {
  test('reads the charset of the content type', () => {
    expect(text(Buffer.from('héllo €'), 'text/plain; charset=UTF-8')).toBe('héllo €');
    expect(text(Buffer.from('héllo', 'latin1'), 'text/plain;charset="ISO-8859-1"')).toBe('héllo');
    expect(text(Buffer.from('héllo', 'utf16le'), 'text/plain; charset=utf-16le')).toBe('héllo');
    expect(text(Buffer.from('{"a":"é"}'), 'application/json; charset=klingon')).toBe('{"a":"é"}');
  });

  test('a byte order mark decides before the header', () => {
    const big = Buffer.from('\uFEFFhéllo', 'utf16le').swap16();
    expect(text(big, 'text/plain; charset=utf-8')).toBe('héllo');
    expect(text(Buffer.from('\uFEFFhi'), 'text/plain; charset=latin1')).toBe('hi');
  });

  test('binary content has no text', () => {
    expect(text(Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'image/png')).toBeNull();
    expect(text(Buffer.from('abc'), 'application/octet-stream')).toBeNull();
    expect(text(Buffer.from([1, 0, 2]), 'text/plain')).toBeNull();
    expect(text(Buffer.from([0xff, 0xfe - 1, 0x80]), null)).toBeNull();
    expect(text(Buffer.from([0xc3, 0x28]), 'multipart/form-data; boundary=x')).toBeNull();
  });

  test('textual types read even when damaged, unknown types when they are UTF-8', () => {
    expect(text(Buffer.from([0x61, 0xff, 0x62]), 'application/problem+json')).toBe('a\uFFFDb');
    expect(text(Buffer.from('<svg/>'), 'image/svg+xml')).toBe('<svg/>');
    expect(text(Buffer.from('é'), 'application/x-own')).toBe('é');
    expect(text(Buffer.from('plain'), null)).toBe('plain');
    expect(text(new Uint8Array(0), 'image/png')).toBe('');
  });

  test('content cut within a character loses only that character', () => {
    const cut = Buffer.from('ab€').subarray(0, 4);
    expect(text(cut, 'text/plain', false)).toBe('ab');
    expect(text(cut, null, false)).toBe('ab');
    expect(text(cut, null, true)).toBeNull();
  });
});
