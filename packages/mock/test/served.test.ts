import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTape, openWriter } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import type { Mock } from '@calltape/mock';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import type { Settings } from './mock.ts';
import { dial, drain, exchangeRaw } from './raw.ts';
import { tempDir } from './tape.ts';
import type { Told } from './tape.ts';

function plain(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: m\r\n\r\n`;
}

/** Runs calls against a mock with a served tape and reads what is on it. */
async function servedBy(
  calls: readonly Told[],
  settings: Settings,
  act: (mock: Mock) => Promise<void>,
): Promise<Exchange[]> {
  const file = join(await tempDir(), 'served.tape');
  const served = await openWriter(file, { name: 'served', source: 'mock' }, { redact: false });
  const mock = await mockOf(calls, { ...settings, served });
  await act(mock);
  await mock.close(0);
  await served.close();
  const tape = openTape(file);
  try {
    expect(tape.recordings()).toMatchObject([{ source: 'mock', listen: mock.url }]);
    return [...tape.exchanges()];
  } finally {
    tape.close();
  }
}

function textOf(exchange: Exchange | undefined): string | undefined {
  return exchange?.response ? Buffer.from(exchange.response.body.bytes).toString() : undefined;
}

it('has what was sent, under the recorded URL, with its times', async () => {
  const [served] = await servedBy(
    [
      {
        method: 'POST',
        url: '/v1/charges?a=1',
        body: '{"amount":1}',
        response: {
          status: 201,
          statusText: 'Created',
          chunks: [1, 3, 2, 3],
          trailers: ['X-T', '1'],
        },
        answerHeaders: ['X-A', '1', 'Transfer-Encoding', 'chunked'],
        answer: 'onetwo',
        ttfbMs: 20,
        durationMs: 40,
      },
    ],
    { latency: { kind: 'recorded', factor: 1 } },
    async (mock) => {
      await send(
        mock,
        '/v1/charges?a=1',
        { method: 'POST', headers: { 'x-b': '2' } },
        '{"amount":1}',
      );
    },
  );
  expect(served).toMatchObject({
    source: 'mock',
    outcome: 'complete',
    error: null,
    fault: null,
    endpoint: { method: 'POST', origin: 'https://api.example.com', template: '/v1/charges' },
    request: { method: 'POST', url: 'https://api.example.com/v1/charges?a=1' },
    response: {
      status: 201,
      statusText: 'Created',
      headers: [
        ['X-A', '1'],
        ['Transfer-Encoding', 'chunked'],
      ],
      trailers: [['X-T', '1']],
      chunks: [{ size: 3 }, { size: 3 }],
    },
  });
  if (served === undefined) throw new Error('nothing on the served tape');
  expect(served.request.headers).toContainEqual(['x-b', '2']);
  expect(Buffer.from(served.request.body.bytes).toString()).toBe('{"amount":1}');
  expect(textOf(served)).toBe('onetwo');
  expect(served.ttfbMs).toBeGreaterThanOrEqual(19);
  expect(served.durationMs).toBeGreaterThanOrEqual(39);
  const { dns, connect, ssl, send: sent, wait, receive } = served.timings;
  expect([dns, connect, ssl]).toEqual([null, null, null]);
  expect(Number(sent) + Number(wait) + Number(receive)).toBeCloseTo(Number(served.durationMs), 1);
});

it('has misses and answers of rules, with the rules', async () => {
  const rules = ['GET /a latency=1ms', 'GET /a status=503 first=1'];
  const [faulted, delayed, missed] = await servedBy(
    [{ url: '/a', answer: 'a' }],
    { faults: rules },
    async (mock) => {
      await send(mock, '/a');
      await send(mock, '/a');
      await send(mock, '/b');
    },
  );
  expect(faulted).toMatchObject({
    outcome: 'complete',
    fault: `${rules[0]}; ${rules[1]}`,
    response: { status: 503 },
  });
  expect(delayed).toMatchObject({ fault: rules[0], response: { status: 200 } });
  expect(missed).toMatchObject({ fault: null, response: { status: 404 }, outcome: 'complete' });
  expect(missed?.request.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/b$/);
  expect(textOf(missed)).toContain('NO_MATCH');
});

it('has the outcome of answers that were cut, reset or given up on', async () => {
  const served = await servedBy(
    ['/cut', '/reset', '/midway', '/silent', '/hung'].map((url) => ({ url, answer: '0123456789' })),
    {
      faults: [
        'GET /cut truncate=3',
        'GET /reset reset',
        'GET /midway reset at=bytes:4',
        'GET /silent timeout',
        'GET /hung timeout',
      ],
    },
    async (mock) => {
      await exchangeRaw(mock, plain('/cut'));
      await exchangeRaw(mock, plain('/reset'));
      await exchangeRaw(mock, plain('/midway'));
      await expect(
        fetch(`${mock.url}/silent`, { signal: AbortSignal.timeout(50) }),
      ).rejects.toThrow();
      await send(mock, '/none');
      const hung = await dial(mock);
      const ended = drain(hung);
      hung.write(plain('/hung'));
      await expect.poll(() => mock.summary().answered).toBe(5);
      await Promise.all([mock.close(1_000), ended]);
    },
  );
  const seen = served.map(({ outcome, error, response, fault, ...rest }) => ({
    call: `${new URL(rest.request.url).pathname} ${outcome} ${error?.type}`,
    bytes: response?.body.bytes.length ?? null,
    fault,
  }));
  expect(seen).toEqual([
    { call: '/cut truncated CLOSED_EARLY', bytes: 3, fault: 'GET /cut truncate=3' },
    { call: '/reset error ECONNRESET', bytes: null, fault: 'GET /reset reset' },
    { call: '/midway truncated ECONNRESET', bytes: 4, fault: 'GET /midway reset at=bytes:4' },
    { call: '/silent aborted CLIENT_LEFT', bytes: null, fault: 'GET /silent timeout' },
    { call: '/none complete undefined', bytes: expect.any(Number), fault: null },
    { call: '/hung error MOCK_STOPPED', bytes: null, fault: 'GET /hung timeout' },
  ]);
});

it('has a call that hangs as pending while it does', async () => {
  const file = join(await tempDir(), 'served.tape');
  const options = { redact: false, pendingAfterMs: 20 };
  const served = await openWriter(file, { name: 'served', source: 'mock' }, options);
  const mock = await mockOf([{ url: '/a' }], { faults: ['GET /a timeout'], served });
  const socket = await dial(mock);
  socket.write('GET /a HTTP/1.1\r\nHost: m\r\n\r\n');
  const tape = openTape(file);
  await expect.poll(() => tape.calls().map(({ outcome }) => outcome)).toEqual(['pending']);
  socket.destroy();
  await expect.poll(() => tape.calls().map(({ outcome }) => outcome)).toEqual(['aborted']);
  tape.close();
  await mock.close(0);
  await served.close();
});

it('has no content for HEAD and with a client that left before the end', async () => {
  const [head, big] = await servedBy(
    [{ url: '/big', answer: Buffer.alloc(20_000_000, 1) }],
    {},
    async (mock) => {
      await send(mock, '/none', { method: 'HEAD' });
      const socket = await dial(mock);
      socket.write('GET /big HTTP/1.1\r\nHost: m\r\n\r\n');
      await once(socket, 'data');
      socket.destroy();
      await once(socket, 'close');
      await expect.poll(() => mock.summary().answered).toBe(1);
      await send(mock, '/none', { method: 'HEAD' });
    },
  );
  expect(head).toMatchObject({ response: { status: 404, body: { size: 0 } } });
  expect(big).toMatchObject({ outcome: 'aborted', error: { type: 'CLIENT_LEFT' } });
});

it('has calls that come again as they came, whatever they share with others', async () => {
  const body = '{"amount":1,"card":"4242424242424242"}';
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const served = await servedBy(
    [
      { url: '/a', answer: '{"id":1}', answerHeaders: ['Content-Length', '8', 'X-A', '1'] },
      { method: 'POST', url: '/pay', body, answer: `{"said":${body}}` },
    ],
    { faults: ['GET /a status=503 every=5', 'POST /pay latency=1ms every=4'] },
    async (mock) => {
      for (let n = 0; n < 15; n += 1) {
        await send(mock, '/a', { headers: { 'x-client': n % 7 === 6 ? `only ${n}` : 'every' } });
        await send(mock, '/pay', post, body);
        if (n % 7 === 6) await send(mock, '/pay', post, body.replace('1', '2'));
      }
    },
  );
  const seen = served.map(({ request, response, fault }) => {
    const client = request.headers.find(([name]) => name === 'x-client')?.[1] ?? '';
    const sent = Buffer.from(request.body.bytes).toString();
    const got = Buffer.from(response?.body.bytes ?? []).toString();
    return [request.method, client, sent, response?.status, got, fault];
  });
  const expected = Array.from({ length: 15 }, (_, n) => {
    const isFaulted = n % 5 === 4;
    const rule = isFaulted ? 'GET /a status=503 every=5' : null;
    const get = ['GET', n % 7 === 6 ? `only ${n}` : 'every', '', isFaulted ? 503 : 200];
    return [...get, isFaulted ? expect.any(String) : '{"id":1}', rule];
  });
  expect(seen.filter(([method]) => method === 'GET')).toEqual(expected);
  const paid = seen.filter(([method]) => method === 'POST');
  expect(paid).toHaveLength(17);
  for (const [, , sent, , got] of paid) expect(got).toContain(sent === body ? body : 'NO_MATCH');
  expect(paid.filter(([, , , , , fault]) => fault !== null)).toHaveLength(4);
  expect(served.every(({ durationMs }) => Number(durationMs) > 0)).toBe(true);
  const times = served.map(({ startedAt }) => startedAt);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});
