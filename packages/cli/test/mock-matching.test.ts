// How a request finds its recording, through the flags of the mock.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import { expect, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';
import { answer, call, tapeWith } from './tape-with-calls.ts';

const BODY = Buffer.from('{"amount":100,"nonce":"a"}');
const CALLS = [
  call('/v1/charges', {
    method: 'POST',
    body: { pieces: [BODY], size: BODY.length, hash: null },
    response: answer(201, 'Created', '{"id":"ch_1"}'),
  }),
  call('/v1/customers/cus_1'),
];

async function folderWithTape(): Promise<string> {
  const cwd = await emptyFolder();
  await tapeWith(cwd, CALLS);
  return cwd;
}

async function charged(url: string, amount: number): Promise<number> {
  const body = JSON.stringify({ nonce: 'b', amount });
  return (await fetch(`${url}/v1/charges`, { method: 'POST', body })).status;
}

test('a miss names the flag that answers it, and the flag does', async () => {
  const cwd = await folderWithTape();
  const mock = await serve(['mock', '--port', '0'], { cwd });
  expect(await charged(mock.url, 100)).toBe(201);
  expect([await charged(mock.url, 120), await charged(mock.url, 120)]).toEqual([404, 404]);
  const { stderr } = await mock.stop();
  expect(stderr).toContain(
    'Missed:\n  2 times: No recording answers POST /v1/charges. The nearest one differs in body ' +
      '/amount: recorded 100, received 120. To have it answered: --ignore json:/amount\n' +
      'Not compared, as it is new in each request:\n  POST /v1/charges: json:/nonce\n' +
      'Not asked for: 1 recorded call\n',
  );
  const fixed = await serve(['mock', '--port', '0', '--ignore', 'json:/amount'], { cwd });
  expect(await charged(fixed.url, 120)).toBe(201);
  await fixed.stop();
});

test('--match takes a part that begins with a dash', async () => {
  const cwd = await folderWithTape();
  const mock = await serve(['mock', '--match', '-body', '--port', '0'], { cwd });
  expect(await charged(mock.url, 120)).toBe(201);
  await mock.stop();
});

test('--rules hold for their routes', async () => {
  const cwd = await folderWithTape();
  const rules = [{ route: 'POST /v1/**', ignore: ['json:/amount'] }];
  await writeFile(join(cwd, 'rules.json'), JSON.stringify(rules));
  const mock = await serve(['mock', '--rules', 'rules.json', '--port', '0'], { cwd });
  expect(await charged(mock.url, 120)).toBe(201);
  expect((await fetch(`${mock.url}/v1/customers/cus_2`)).status).toBe(404);
  await mock.stop();
});

test('--lenient marks its answers, on the served tape too', async () => {
  const cwd = await folderWithTape();
  const args = ['mock', '--lenient', '--served', 'served.tape', '--port', '0'];
  const mock = await serve(args, { cwd });
  const response = await fetch(`${mock.url}/v1/customers/cus_2`);
  await response.text();
  expect(response.headers.get('x-calltape-lenient')).toBe('path:/v1/customers/*');
  const { stderr } = await mock.stop();
  expect(stderr).toContain('Answered 1 call (1 with the nearest recording), missed 0');
  const tape = openTape(join(cwd, 'served.tape'));
  const [served] = [...tape.exchanges()];
  tape.close();
  expect(served?.response?.headers).toContainEqual(['x-calltape-lenient', 'path:/v1/customers/*']);
});

test.each([
  ['[{"route": "POST /v1/charges",\n "ignore": ["json:nonce"]}]', '"rules.json" at /0/ignore/0: '],
  ['[{"route": "POST /v1/charges",\n}]', '"rules.json" at line 2: it is no JSON'],
])('nothing starts with the rules %s', async (rules, sentence) => {
  const cwd = await folderWithTape();
  await writeFile(join(cwd, 'rules.json'), rules);
  const args = ['mock', '--rules', 'rules.json', '--port', '0', '--served', 'served.tape'];
  const { code, stdout, stderr } = await calltape(args, { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
