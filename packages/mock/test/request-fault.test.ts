import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTape, openWriter } from '@calltape/store';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { closing, exchangeRaw } from './raw.ts';
import { tempDir } from './tape.ts';

const CALLS = [{ url: '/a', answer: '{"a":1.10}' }];

function asking(fault: string) {
  return { headers: { 'X-Calltape-Fault': fault } };
}

it('faults the one request that asks for it', async () => {
  const mock = await mockOf(CALLS, { repeat: 'once' });
  expect((await send(mock, '/a', asking('status=503 retry-after=1'))).headers['retry-after']).toBe(
    '1',
  );
  await expect(send(mock, '/a', asking('reset'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await send(mock, '/a', asking('retype-field=/a'))).body.toString()).toBe('{"a":"1.10"}');
  expect(mock.summary()).toMatchObject({ answered: 3, faulted: 3, missed: 0 });
});

it('strikes after the rules, and leaves their counts alone', async () => {
  const mock = await mockOf(CALLS, { faults: ['GET /a status=500 after=1'] });
  expect((await send(mock, '/a', asking('status=418'))).status).toBe(418);
  expect((await send(mock, '/a', asking('status=418'))).status).toBe(418);
  expect((await send(mock, '/a')).status).toBe(500);
});

it('faults calls that are not on the tape', async () => {
  const mock = await mockOf(CALLS);
  const missed = await send(mock, '/none', asking('drift'));
  expect([missed.status, missed.headers['x-calltape-fault']]).toEqual([404, undefined]);
  await expect(send(mock, '/none', asking('close at=headers'))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
});

it.each([
  ['stauts=503', 'did you mean status?'],
  ['reset p=0.5', 'none of p, first'],
  ['rate-limit=1/s', 'It counts requests'],
  ['', 'KIND[=VALUE]'],
])('answers 400 to %j, with the reason', async (fault, advice) => {
  const mock = await mockOf(CALLS, { repeat: 'once' });
  const answer = await send(mock, '/a', asking(fault));
  expect([answer.status, answer.headers['x-calltape-error']]).toEqual([400, 'FAULT_INVALID']);
  const { error }: { error: { message: string } } = JSON.parse(answer.body.toString());
  expect(error.message).toContain(advice);
  expect((await send(mock, '/a')).status).toBe(200);
});

it('is on the served tape as what struck, and not as a field of the request', async () => {
  const file = join(await tempDir(), 'served.tape');
  const served = await openWriter(file, { name: 'served', source: 'mock' });
  const mock = await mockOf(CALLS, { served, faults: ['* /** latency=1ms'] });
  await send(mock, '/a', asking('null-field=/a'));
  await send(mock, '/a', asking('nonsense'));
  await mock.close(0);
  await served.close();
  const tape = openTape(file);
  const [faulted, refused] = [...tape.exchanges()];
  tape.close();
  expect(faulted?.fault).toBe('* /** latency=1ms; requested: null-field=/a');
  expect(refused).toMatchObject({ fault: null, response: { status: 400 } });
  for (const exchange of [faulted, refused]) {
    const names = exchange?.request.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('x-calltape-fault');
    expect(names).toContain('host');
  }
});

function addressBesidesLoopback(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

it('does not hear clients that are not on this machine', async ({ skip }) => {
  const address = addressBesidesLoopback();
  skip(address === undefined, 'this machine has no address but loopback');
  const mock = await mockOf(CALLS, { host: '0.0.0.0' });
  const there = { url: `http://${address}:${mock.port}` };
  expect((await send(there, '/a', asking('status=503'))).status).toBe(200);
  expect((await send(there, '/a', asking('nonsense'))).status).toBe(200);
  expect((await send(mock, '/a', asking('status=503'))).status).toBe(503);
});

it('has the same effect each time', async () => {
  const mock = await mockOf(CALLS, { seed: 3 });
  const one = await exchangeRaw(mock, closing('GET /a', ['X-Calltape-Fault: garbage']));
  const other = await exchangeRaw(mock, closing('GET /a', ['X-Calltape-Fault: garbage']));
  expect(one.text).toHaveLength(64);
  expect(other).toEqual(one);
});
