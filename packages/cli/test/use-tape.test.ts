import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import { expect, it } from 'vitest';
import { projectIn, runVitest } from './child-vitest.ts';
import { emptyFolder } from './run-cli.ts';
import { standIn } from './stand-in.ts';

const TESTS = `
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { useTape } from 'calltape/vitest';
import { expect, test } from 'vitest';

const tape = useTape('tapes/api.tape', { local: true });
const url = process.env.API_URL + '/v1/charges';

test('by fetch', async () => {
  const body = JSON.stringify({ amount: 2000 });
  const answer = await fetch(url, { method: 'POST', body });
  expect(await answer.json()).toEqual({ n: 1, body });
  expect(tape.called('POST /v1/charges')).toHaveLength(1);
  expect(tape.called('POST /v1/charges')[0]).toMatchObject({ json: { amount: 2000 } });
});

test('by node:http', async () => {
  const { promise, resolve } = Promise.withResolvers();
  http.get(url, resolve);
  expect(await text(await promise)).toBe('{"n":2,"body":""}');
});

test('by an agent of its own', async () => {
  const { promise, resolve } = Promise.withResolvers();
  http.get(url + '/own', { agent: new http.Agent({ keepAlive: true }) }, resolve);
  expect(await text(await promise)).toBe('{"n":3,"body":""}');
  expect(process.env.FAILS).toBeUndefined();
  tape.expectAllUsed();
  tape.expectNoMiss();
});
`;

async function countingApi(): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const url = await standIn((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.once('end', () => {
      asked += 1;
      response.end(JSON.stringify({ n: asked, body }));
    });
  });
  return { url, asked: () => asked };
}

it(
  'records once, replays from then on, and never records with CI set',
  { timeout: 120_000 },
  async () => {
    const folder = await emptyFolder();
    const api = await countingApi();
    await projectIn(folder, { 'api.test.js': TESTS });
    const file = join(folder, 'tapes/api.tape');

    const inCi = await runVitest(folder, { API_URL: api.url, CI: 'true' });
    expect([inCi.code, api.asked(), existsSync(file)]).toEqual([1, 0, false]);
    expect(inCi.output).toContain('with CI set none is recorded');

    const first = await runVitest(folder, { API_URL: api.url });
    expect(first).toMatchObject({ code: 0 });
    expect(api.asked()).toBe(3);
    const tape = openTape(file);
    expect(tape.recordings()).toMatchObject([{ name: 'vitest', source: 'proxy' }]);
    tape.close();

    for (const CI of ['', 'true']) {
      expect(await runVitest(folder, { API_URL: api.url, CI })).toMatchObject({ code: 0 });
    }
    expect(api.asked()).toBe(3);
    expect(readdirSync(join(folder, 'tapes'))).toEqual(['api.tape']);
  },
);

it('keeps no tape of a run in which a test failed', { timeout: 60_000 }, async () => {
  const folder = await emptyFolder();
  const api = await countingApi();
  await projectIn(folder, { 'api.test.js': TESTS });
  expect(await runVitest(folder, { API_URL: api.url, FAILS: '1' })).toMatchObject({ code: 1 });
  expect([api.asked(), readdirSync(join(folder, 'tapes'))]).toEqual([3, []]);
});
