import { gzipSync } from 'node:zlib';
import { startMock } from '@calltape/mock';
import { expect, it } from 'vitest';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { makeTape } from './tape.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

it('takes a tape or several, and options in the words of the command line', async () => {
  const [one, other] = [
    await makeTape([{ url: '/a', answer: 'A' }]),
    await makeTape([{ url: '/b' }]),
  ];
  await using mock = await startMock([one, other], { faults: ['GET /a status=503 first=1'] });
  expect([(await send(mock, '/a')).status, (await send(mock, '/a')).body.toString()]).toEqual([
    503,
    'A',
  ]);
  expect((await send(mock, '/b')).status).toBe(200);
  await using alone = await startMock(one);
  expect([alone.recordings, mock.recordings, mock.port > 0]).toEqual([1, 2, true]);
  await expect(startMock(one, { faults: ['nonsense'] })).rejects.toMatchObject({
    code: 'FAULT_INVALID',
  });
});

it('tells calls with their content, answer, recording and faults', async () => {
  const mock = await mockOf([{ method: 'POST', url: '/v1/charges', body: '{"amount":1}' }], {
    faults: ['POST /v1/charges status=500 first=1'],
  });
  const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip', 'X-A': '1' };
  for (let times = 0; times < 2; times += 1) {
    await send(mock, '/v1/charges', { method: 'POST', headers }, gzipSync('{"amount":1}'));
  }
  await send(
    mock,
    '/v1/refunds?a=1',
    { method: 'POST', headers: { host: 'other.example' } },
    'plain',
  );
  expect(mock.called('POST /v1/charges')).toMatchObject([
    { status: 500, faults: ['POST /v1/charges status=500 first=1'], recording: { id: 1 } },
    {
      method: 'POST',
      url: 'https://api.example.com/v1/charges',
      headers: { 'x-a': '1', 'content-encoding': 'gzip' },
      text: '{"amount":1}',
      json: { amount: 1 },
      status: 200,
      faults: [],
    },
  ]);
  expect(mock.called('* api.example.com/v1/*')).toHaveLength(2);
  expect(mock.called('post other.example/**')).toMatchObject([
    {
      url: 'http://other.example/v1/refunds?a=1',
      text: 'plain',
      json: undefined,
      status: 404,
      recording: null,
    },
  ]);
  expect(mock.calls()).toHaveLength(3);
  expect(() => mock.expectNoMiss()).toThrow(expect.objectContaining({ code: 'CALLS_MISSED' }));
  mock.expectAllUsed();
});

it('tells bytes that are no text as such', async () => {
  const mock = await mockOf([{ url: '/a' }]);
  await send(mock, '/a', { method: 'PUT' }, Buffer.from([0, 255]));
  expect(mock.calls()[0]).toMatchObject({
    text: null,
    json: undefined,
    body: Buffer.from([0, 255]),
  });
});

it('refuses to tell a part of the calls for all of them', async () => {
  const mock = await mockOf([{ url: '/a' }], { keepCalls: 2 });
  for (let times = 0; times < 2; times += 1) await send(mock, '/a');
  expect(mock.calls()).toHaveLength(2);
  await send(mock, '/a');
  expect(() => mock.called('GET /a')).toThrow(
    expect.objectContaining({
      code: 'CALLS_FORGOTTEN',
      message: expect.stringContaining('there were 3'),
    }),
  );
});
