import { createServer } from 'node:net';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { bytesOf, read } from './answer-events.ts';
import type { Answers } from './answer-events.ts';
import { listening } from './wire.ts';

const TOKEN = fc.string({
  unit: fc.constantFrom(...Array.from("!#$%&'*+-.^_`|~09AZaz")),
  minLength: 1,
  maxLength: 12,
});
/** Any byte that a value may have inside, none that is trimmed off its ends. */
const VALUE = fc
  .string({
    unit: fc.constantFrom(...Array.from('aZ09 \t"(),/:;<=>?@[]{}\x80\xe9\xff')),
    maxLength: 30,
  })
  .map((text) => text.trim().replace(/^[\s\xa0]+|[\s\xa0]+$/g, ''));
const FIELD = fc.tuple(TOKEN, VALUE).map(([name, value]) => [`x${name}`, value] as const);
const FIELDS = fc.array(FIELD, { maxLength: 6 });
const CONTENT = fc
  .uint8Array({ maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
/** node:http takes no blanks around the semicolon. */
const EXTENSION = fc.constantFrom('', ';a', ';a=b', ';a="x;y"');

function linesOf(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

const CHUNKS = fc
  .tuple(fc.array(fc.tuple(CONTENT, EXTENSION), { maxLength: 5 }), FIELDS)
  .map(([chunks, trailers]) => {
    const lines = chunks
      .filter(([content]) => content !== '')
      .map(
        ([content, extension]) => `${content.length.toString(16)}${extension}\r\n${content}\r\n`,
      );
    return `Transfer-Encoding: chunked\r\n\r\n${lines.join('')}0\r\n${linesOf(trailers)}\r\n`;
  });
const SIZED = CONTENT.map((content) => `Content-Length: ${content.length}\r\n\r\n${content}`);
const UNSIZED = CONTENT.map((content) => `\r\n${content}`);

const INTERIM = fc
  .array(fc.tuple(fc.constantFrom(100, 102, 103), FIELDS), { maxLength: 2 })
  .map((heads) =>
    heads.map(([status, fields]) => `HTTP/1.1 ${status} Yes\r\n${linesOf(fields)}\r\n`).join(''),
  );
const STATUS = fc.constantFrom(200, 201, 299, 304, 404, 500, 599, 999);
const REASON = fc.constantFrom('OK', '', 'a b', 'Voil\xe0');

/** A valid answer and whether it needs the end of the connection. */
const ANSWER = fc
  .tuple(INTERIM, STATUS, REASON, FIELDS, fc.oneof(CHUNKS, SIZED, UNSIZED))
  .map(([interim, status, reason, fields, content]) => {
    const bodiless = status === 304;
    const end = bodiless ? '\r\n' : content;
    return `${interim}HTTP/1.1 ${status} ${reason}\r\n${linesOf(fields)}${end}`;
  });

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  return [0, ...places].map((from, n) => bytes.subarray(from, places[n] ?? bytes.length));
}

test('an answer comes to the same wherever it is cut', () => {
  fc.assert(
    fc.property(ANSWER, fc.array(fc.nat(), { maxLength: 20 }), (answer, places) => {
      const bytes = bytesOf(answer);
      const whole = read([bytes], false, true);
      expect(whole.error).toBeNull();
      expect(whole.trailers).not.toBeNull();
      expect(read(cut(bytes, places), false, true)).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

test('bytes of any kind, spliced into an answer anywhere, are read or refused', () => {
  const splice = fc.tuple(fc.nat(), fc.nat(20), fc.uint8Array({ maxLength: 20 }));
  fc.assert(
    fc.property(
      ANSWER,
      splice,
      fc.array(fc.nat(), { maxLength: 8 }),
      (answer, [at, drop, put], places) => {
        const bytes = bytesOf(answer);
        const from = at % (bytes.length + 1);
        const spliced = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + drop)]);
        const whole = read([spliced], false, true);
        const refused = whole.error === null ? null : expect.any(String);
        expect(read(cut(spliced, places), false, true)).toEqual({ ...whole, error: refused });
      },
    ),
    { numRuns: 500 },
  );
});

/** The same answer as node:http's own client reads it. */
async function readByNode(port: number): Promise<Omit<Answers, 'left' | 'persistent' | 'error'>> {
  const heads: Answers['heads'] = [];
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject);
  request.on('information', ({ statusCode, statusMessage, httpVersion, rawHeaders }) => {
    heads.push({ status: statusCode, statusText: statusMessage, httpVersion, headers: rawHeaders });
  });
  const response = await promise;
  const { statusCode = 0, statusMessage = '', httpVersion, rawHeaders } = response;
  heads.push({ status: statusCode, statusText: statusMessage, httpVersion, headers: rawHeaders });
  let content = '';
  for await (const piece of response) content += Buffer.from(piece).toString('latin1');
  return { heads, content, trailers: response.rawTrailers };
}

test("it reads valid answers as node:http's parser does", async () => {
  let answer = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytesOf(answer)));
  });
  onTestFinished(() => {
    server.close();
  });
  const port = await listening(server);
  await fc.assert(
    fc.asyncProperty(ANSWER, async (generated) => {
      answer = generated;
      const { heads, content, trailers } = read([bytesOf(generated)], false, true);
      expect({ heads, content, trailers }).toEqual(await readByNode(port));
    }),
    { numRuns: 150 },
  );
});
