import { expect, test } from 'vitest';
import { ResponseParser } from '../src/response-parser.ts';
import { bytesOf, read } from './answer-events.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

function readText(text: string, toHead = false, ends = false): ReturnType<typeof read> {
  return read([bytesOf(text)], toHead, ends);
}

test('a head keeps order, letter case, repeats and bytes above ASCII', () => {
  const { heads, trailers } = readText(
    'HTTP/1.1 201 Voil\xe0 !\r\nX-b:  1 \r\nx-B:\t2\r\nset-cookie: a\r\nX-Empty:\r\n' +
      'X-C: caf\xe9 \xc3\xa9\r\nContent-Length: 0\r\n\r\n',
  );
  expect(heads).toEqual([
    {
      status: 201,
      statusText: 'Voil\xe0 !',
      httpVersion: '1.1',
      headers: [
        'X-b',
        '1',
        'x-B',
        '2',
        'set-cookie',
        'a',
        'X-Empty',
        '',
        'X-C',
        'caf\xe9 \xc3\xa9',
        'Content-Length',
        '0',
      ],
    },
  ]);
  expect(trailers).toEqual([]);
});

test.each([
  ['an empty reason', 'HTTP/1.1 200 \r\n', ''],
  ['no reason and no space', 'HTTP/1.1 200\r\n', ''],
  ['a reason with spaces', 'HTTP/1.1 200 a  b\r\n', 'a  b'],
])('%s', (_what, line, reason) => {
  expect(readText(`${line}Content-Length: 0\r\n\r\n`).heads[0]?.statusText).toBe(reason);
});

test.each([
  ['a length', `${OK}Content-Length: 3\r\n\r\nabc`, 'abc'],
  ['a length of 0', `${OK}Content-Length: 0\r\n\r\n`, ''],
  ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`, 'abcde'],
  ['sizes in both cases', `${OK}Transfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`],
  ['leading zeros', `${OK}Transfer-Encoding: chunked\r\n\r\n0003\r\nabc\r\n00\r\n\r\n`, 'abc'],
  [
    'chunk extensions',
    `${OK}Transfer-Encoding: chunked\r\n\r\n3;a="b;c"\r\nabc\r\n0 \t; d\r\n\r\n`,
    'abc',
  ],
  ['codings under the chunks', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n`],
])('content by %s', (_what, text, content = '') => {
  const answer = readText(text);
  expect(answer.error).toBeNull();
  expect(answer.content).toContain(content);
  expect(answer).toMatchObject({ trailers: [], left: 0, persistent: true });
});

test('content without a length goes on to the end of the connection', () => {
  expect(readText(`${OK}\r\nabc`)).toMatchObject({ content: 'abc', trailers: null });
  const ended = readText(`${OK}Transfer-Encoding: identity\r\n\r\nabc`, false, true);
  expect(ended).toMatchObject({ content: 'abc', trailers: [], persistent: false });
});

test.each([
  ['a length', `${OK}Content-Length: 4\r\n\r\nabc`],
  ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  ['a head', OK],
])('the end of the connection in the middle of %s makes nothing whole', (_what, text) => {
  expect(readText(text, false, true)).toMatchObject({ trailers: null, error: null });
});

test.each([
  ['to HEAD', `${OK}Content-Length: 5\r\n\r\n`, true],
  ['to HEAD, chunked', `${OK}Transfer-Encoding: chunked\r\n\r\n`, true],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', false],
  ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', false],
])('an answer %s has no content', (_what, head, toHead) => {
  const answer = readText(`${head}after`, toHead);
  expect(answer).toMatchObject({ content: '', trailers: [], left: 5, persistent: true });
});

test('interim answers come before the final one', () => {
  const answer = readText(
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 1\r\n\r\na`,
  );
  expect(answer.heads.map(({ status }) => status)).toEqual([100, 103, 200]);
  expect(answer.heads[1]?.headers).toEqual(['Link', '</a>']);
  expect(answer).toMatchObject({ content: 'a', trailers: [], left: 0 });
});

test('trailers follow the last chunk', () => {
  const text = `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\nleft`;
  expect(readText(text)).toMatchObject({ trailers: ['X-Sum', '1', 'x-sum', '2'], left: 4 });
});

test.each([
  ['HTTP/1.1 200 OK\r\n', true],
  ['HTTP/1.1 200 OK\r\nConnection: close\r\n', false],
  ['HTTP/1.1 200 OK\r\nConnection: x, Close\r\n', false],
  ['HTTP/1.0 200 OK\r\n', false],
  ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n', true],
])('%j: the connection persists: %s', (head, persistent) => {
  expect(readText(`${head}Content-Length: 0\r\n\r\n`).persistent).toBe(persistent);
});

test('content is passed on without being copied', () => {
  const bytes = bytesOf(`${OK}Content-Length: 3\r\n\r\nabc`);
  const pieces: Buffer[] = [];
  const sink = {
    onInterim: (): void => {},
    onHead: (): void => {},
    onContent: (piece: Buffer): void => void pieces.push(piece),
    onEnd: (): void => {},
  };
  const parser = new ResponseParser(sink);
  parser.begin(false);
  parser.read(bytes);
  expect(pieces.map(({ buffer, byteOffset }) => [buffer, byteOffset])).toEqual([
    [bytes.buffer, bytes.byteOffset + bytes.length - 3],
  ]);
});

test('a line may come in as many pieces as it has bytes, and a head in time linear to them', () => {
  const head = `${OK}X: ${'y'.repeat(200_000)}\r\nContent-Length: 1\r\n\r\na`;
  const pieces = Array.from(bytesOf(head), (byte) => Buffer.of(byte));
  const answer = read(pieces);
  expect(answer.heads[0]?.headers[1]).toHaveLength(200_000);
  expect(answer).toMatchObject({ content: 'a', trailers: [] });
});
