import { expect, it } from 'vitest';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { closing, dial, drain, exchangeRaw } from './raw.ts';

it('gives back status, reason phrase, fields and bytes as they were recorded', async () => {
  const mock = await mockOf([
    {
      url: '/v1/things',
      response: { status: 299, statusText: 'Quite Fine' },
      answerHeaders: [
        'X-Order',
        '1',
        'set-cookie',
        'a=1',
        'Content-LENGTH',
        '4',
        'Set-Cookie',
        'b=2',
        'x-latin',
        'caf\u00e9',
      ],
      answer: Buffer.from([0, 255, 13, 10]),
    },
  ]);
  const { text } = await exchangeRaw(mock, closing('GET /v1/things'));
  expect(text).toBe(
    [
      'HTTP/1.1 299 Quite Fine',
      'X-Order: 1',
      'set-cookie: a=1',
      'Content-LENGTH: 4',
      'Set-Cookie: b=2',
      'x-latin: caf\u00e9',
      'Connection: close',
      '',
      '\u0000\u00ff\r\n',
    ].join('\r\n'),
  );
});

it('answers on one connection after the other request, without fields of its own', async () => {
  const mock = await mockOf([
    { url: '/a', answer: 'A', answerHeaders: ['Connection', 'keep-alive', 'Content-Length', '1'] },
    { url: '/b', answer: 'B' },
  ]);
  const { text } = await exchangeRaw(
    mock,
    `GET /a HTTP/1.1\r\nHost: mock\r\n\r\n${closing('GET /b')}`,
  );
  expect(text).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA' +
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nB',
  );
});

it('drops the fields of the recorded connection and frames anew', async () => {
  const mock = await mockOf([
    {
      answerHeaders: [
        'Connection',
        'close, X-Hop',
        'X-Hop',
        '1',
        'Keep-Alive',
        'timeout=5',
        'Upgrade',
        'h2c',
        'Content-Length',
        '99',
        'Content-Length',
        '99',
        'X-Kept',
        '1',
      ],
      answer: 'four',
    },
  ]);
  const { rawHeaders, body } = await send(mock, '/', { headers: { connection: 'keep-alive' } });
  expect(rawHeaders).toEqual(['Content-Length', '4', 'X-Kept', '1']);
  expect(body.toString()).toBe('four');
});

it('keeps recorded chunks, trailers and 1xx answers', async () => {
  const mock = await mockOf([
    {
      answerHeaders: ['Transfer-Encoding', 'chunked', 'Trailer', 'X-Sum', 'X-A', '1'],
      answer: 'onetwothree!',
      response: {
        chunks: [1, 3, 2, 3, 3, 5],
        trailers: ['X-Sum', '12', 'X-sum', '13'],
        interim: [
          { status: 100, statusText: 'Continue', headers: [], atMs: 0 },
          { status: 103, statusText: 'Some hints', headers: ['Link', '</a.css>'], atMs: 0 },
        ],
      },
    },
  ]);
  const { text } = await exchangeRaw(mock, closing('GET /'));
  expect(text).toBe(
    'HTTP/1.1 103 Some hints\r\nLink: </a.css>\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nX-A: 1\r\nConnection: close\r\n\r\n' +
      '3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n1\r\n!\r\n0\r\nX-Sum: 12\r\nX-sum: 13\r\n\r\n',
  );
  const answer = await send(mock, '/');
  expect(answer.interim).toEqual([103]);
  expect(answer.trailers).toEqual(['X-Sum', '12', 'X-sum', '13']);
});

it('has no chunks and no 1xx for HTTP/1.0 clients', async () => {
  const mock = await mockOf([
    {
      answerHeaders: ['Transfer-Encoding', 'chunked', 'X-A', '1'],
      answer: 'body',
      response: { interim: [{ status: 103, statusText: '', headers: [], atMs: 0 }] },
    },
  ]);
  const { text } = await exchangeRaw(mock, 'GET / HTTP/1.0\r\n\r\n');
  expect(text).toBe('HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\n\r\nbody');
});

it('ends a body by the connection where it was recorded so', async () => {
  const mock = await mockOf([{ answerHeaders: ['X-A', '1'], answer: 'body' }]);
  const { text, ending } = await exchangeRaw(mock, 'GET / HTTP/1.1\r\nHost: mock\r\n\r\n');
  expect(text).toBe('HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\n\r\nbody');
  expect(ending).toBe('FIN');
});

it('frames what was recorded over HTTP/2, without its pseudo fields', async () => {
  const mock = await mockOf([
    {
      answerHeaders: [':status', '200', 'x-a', '1'],
      answer: 'body',
      response: { httpVersion: '2', statusText: '' },
    },
  ]);
  const { text } = await exchangeRaw(mock, closing('GET /'));
  expect(text).toBe(
    'HTTP/1.1 200 \r\nx-a: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody',
  );
});

it('sends no content to HEAD and with 204 and 304', async () => {
  const mock = await mockOf([
    { method: 'HEAD', url: '/head', answerHeaders: ['Content-Length', '26'] },
    {
      url: '/204',
      answerHeaders: ['Content-Length', '0', 'Transfer-Encoding', 'chunked', 'X-A', '1'],
      response: { status: 204, statusText: 'No Content' },
    },
    {
      url: '/304',
      answerHeaders: ['Content-Length', '26', 'ETag', '"x"'],
      response: { status: 304, statusText: 'Not Modified' },
    },
  ]);
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.write('HEAD /head HTTP/1.1\r\nHost: m\r\n\r\nGET /204 HTTP/1.1\r\nHost: m\r\n\r\n');
  socket.write(closing('GET /304'));
  expect((await answer).text).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n' +
      'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n' +
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 26\r\nETag: "x"\r\nConnection: close\r\n\r\n',
  );
});

it('leaves the content coding on', async () => {
  const gzip = Buffer.from('H4sIAAAAAAAAE0vKTwEAx7Qg7AMAAAA=', 'base64');
  const mock = await mockOf([
    { answerHeaders: ['Content-Encoding', 'gzip', 'Content-Length', '23'], answer: gzip },
  ]);
  const { body, rawHeaders } = await send(mock, '/');
  expect(body.equals(gzip)).toBe(true);
  expect(rawHeaders.slice(0, 2)).toEqual(['Content-Encoding', 'gzip']);
});

it('plays equal requests in the order they were recorded', async () => {
  const calls = [1, 2, 3].map((n) => ({ url: '/poll', answer: String(n) }));
  const took = async (repeat?: 'last' | 'cycle' | 'once') => {
    const mock = await mockOf(calls, repeat === undefined ? {} : { repeat });
    const bodies: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { status, body } = await send(mock, '/poll');
      bodies.push(status === 200 ? body.toString() : String(status));
    }
    return bodies;
  };
  expect(await took()).toEqual(['1', '2', '3', '3', '3']);
  expect(await took('cycle')).toEqual(['1', '2', '3', '1', '2']);
  expect(await took('once')).toEqual(['1', '2', '3', '404', '404']);
});

it('points URLs of recorded hosts in headers at itself', async () => {
  const mock = await mockOf([
    { url: 'https://files.example.com/x', answer: 'x' },
    {
      url: '/next',
      response: { status: 302, statusText: 'Found' },
      answerHeaders: ['Location', 'https://files.example.com/x', 'Content-Length', '0'],
    },
  ]);
  const followed = await fetch(`${mock.url}/next`);
  expect(followed.url).toBe(`${mock.url}/x`);
  expect(await followed.text()).toBe('x');
  const named = await send(mock, '/next', { headers: { host: 'mock.test:99' } });
  expect(named.headers.location).toBe('http://mock.test:99/x');
  const hostless = await exchangeRaw(mock, 'GET /next HTTP/1.0\r\n\r\n');
  expect(hostless.text).toContain('Location: /x\r\n');
});

it('serves clients that take it for a forward proxy, their URLs left alone', async () => {
  const mock = await mockOf([
    { url: 'http://a.example.com/', answer: 'a' },
    {
      url: 'http://b.example.com/',
      answer: 'b',
      answerHeaders: ['Location', 'http://a.example.com/', 'Content-Length', '1'],
    },
  ]);
  const answer = await send(mock, 'http://b.example.com/', { headers: { host: 'b.example.com' } });
  expect(answer.body.toString()).toBe('b');
  expect(answer.headers.location).toBe('http://a.example.com/');
});

it('plays what went wrong while recording', async () => {
  const mock = await mockOf([
    { url: '/refused', outcome: 'error', errorType: 'UPSTREAM_REFUSED', noAnswer: true },
    {
      url: '/cut',
      outcome: 'truncated',
      errorType: 'UPSTREAM_CUT',
      answerHeaders: ['Content-Length', '100'],
      answer: 'four',
    },
    {
      url: '/cut-chunked',
      outcome: 'truncated',
      errorType: 'UPSTREAM_CUT',
      answerHeaders: ['Transfer-Encoding', 'chunked'],
      answer: 'four',
    },
    { url: '/cut-close', outcome: 'truncated', answerHeaders: [], answer: 'four' },
  ]);
  const plain = (path: string) => exchangeRaw(mock, `GET ${path} HTTP/1.1\r\nHost: m\r\n\r\n`);
  expect(await plain('/refused')).toEqual({ text: '', ending: 'ECONNRESET' });
  expect(await plain('/cut')).toEqual({
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfour',
    ending: 'FIN',
  });
  expect(await plain('/cut-chunked')).toEqual({
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n',
    ending: 'FIN',
  });
  expect(await plain('/cut-close')).toEqual({
    text: 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfour',
    ending: 'ECONNRESET',
  });
});

it('stays open where the recorded client left', async () => {
  const mock = await mockOf([
    {
      url: '/stream',
      outcome: 'aborted',
      errorType: 'CLIENT_LEFT',
      answerHeaders: ['Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'],
      answer: 'data: 1\n\n',
    },
    { url: '/whole', outcome: 'aborted', errorType: 'CLIENT_LEFT', answer: 'whole' },
  ]);
  const response = await fetch(`${mock.url}/stream`);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n');
  const more = await Promise.race([reader?.read(), mock.close(50).then(() => 'still open')]).catch(
    () => 'cut on close',
  );
  expect(['still open', 'cut on close']).toContain(more);
});

it('answers whole where the recorded client left at the very end', async () => {
  const mock = await mockOf([
    { url: '/whole', outcome: 'aborted', errorType: 'CLIENT_LEFT', answer: 'whole' },
  ]);
  expect((await send(mock, '/whole')).body.toString()).toBe('whole');
});

it('refuses to play half a body', async () => {
  const mock = await mockOf([{ url: '/big', answer: 'begin', answerSize: 20_000 }]);
  const { status, headers, body } = await send(mock, '/big');
  expect(status).toBe(500);
  expect(headers['x-calltape-error']).toBe('RECORDING_CUT');
  expect(body.toString()).toMatch(/first 5 of the 20000 bytes.*--body-limit/);
});

it('refuses fields that HTTP/1.1 cannot carry', async () => {
  const mock = await mockOf([
    { url: '/odd', answerHeaders: ['X-\u2603', '1', 'Content-Length', '0'] },
    { url: '/line', answerHeaders: ['X-A', 'b\r\nX-B: c', 'Content-Length', '0'] },
  ]);
  for (const path of ['/odd', '/line']) {
    const { status, headers } = await send(mock, path);
    expect(status).toBe(500);
    expect(headers['x-calltape-error']).toBe('RECORDING_UNSENDABLE');
  }
});
