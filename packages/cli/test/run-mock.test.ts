// calltape run --mock: a program that believes it talks to the real hosts, with nobody there.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openTape } from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { shellCommands } from '../../../scripts/shell-words.ts';
import { findSecrets } from '../../store/test/secret-search.ts';
import { emptyFolder } from './run-cli.ts';
import { runToEnd, type Ran } from './run-program.ts';
import { secureStandIns } from './secure-stand-in.ts';
import { answer, call, tapeWith } from './tape-with-calls.ts';

const HOST = 'https://api.example.com';
const MOVED = {
  ...answer(302, 'Found', ''),
  headers: ['Location', `${HOST}/a`, 'Content-Length', '0'],
};

/** A program that fetches each URL it is given and says what came, then ends with 7. */
const FETCHER = `
for (const url of process.argv.slice(2)) {
  try {
    const response = await fetch(url, { redirect: 'manual' });
    console.log(response.status, response.headers.get('location') ?? (await response.text()).slice(0, 40));
  } catch (error) {
    console.log(error.cause?.code ?? error.message);
  }
}
process.exitCode = 7;
`;

async function folderWithTape(): Promise<string> {
  const folder = await emptyFolder();
  await tapeWith(folder, [call('/a'), call('/moved', { response: MOVED })]);
  await writeFile(join(folder, 'fetcher.mjs'), FETCHER);
  return folder;
}

async function fetched(cwd: string, flags: readonly string[], ...urls: string[]): Promise<Ran> {
  return runToEnd([...flags, '--', process.execPath, 'fetcher.mjs', ...urls], cwd);
}

const KNOWN = '200 {"id":1,"name":"Ada"}\n';

test('the recorded answers come under the real addresses, and the exit code is the command’s', async () => {
  const cwd = await folderWithTape();
  const ran = await fetched(cwd, ['--mock', 'calls.tape'], `${HOST}/a`, `${HOST}/moved`);
  expect(ran.stdout.toString()).toBe(`${KNOWN}302 ${HOST}/a\n`);
  expect(ran.code).toBe(7);
  expect(ran.stderr).toMatch(/^listening http:\/\/127\.0\.0\.1:\d+\nPlaying 2 recorded calls of /);
  expect(ran.stderr).toContain('Answered 2 calls, missed 0, faulted 0');
});

test('what is not on the tape is a miss, another host included, and nobody is called', async () => {
  const cwd = await folderWithTape();
  const flags = ['--mock', 'calls.tape', '--quiet'];
  const ran = await fetched(
    cwd,
    flags,
    `${HOST}/b`,
    'https://other.example/a',
    'http://api.example.com/a',
  );
  const [first, second, third] = ran.stdout
    .toString()
    .split('\n')
    .filter((line) => /^\d/.test(line));
  expect([first, second]).toEqual([expect.stringMatching(/^404/), expect.stringMatching(/^404/)]);
  expect(`${third}\n`).toBe(KNOWN);
  expect(ran.stderr).toBe('');
});

test('the flags of the mock hold: faults, served tape, several tapes', async () => {
  const cwd = await folderWithTape();
  const flags = ['--fault', '* /a reset first=1', '--seed', '7', '--served', 'out.tape'];
  const tapes = ['--mock', 'calls.tape', 'calls.tape'];
  const ran = await fetched(cwd, [...tapes, ...flags], `${HOST}/a`, `${HOST}/a`);
  expect(ran.stdout.toString()).toBe(`ECONNRESET\n${KNOWN}`);
  expect(ran.stderr).toContain('Playing 4 recorded calls of calls.tape, calls.tape; seed 7.');
  const tape = openTape(join(cwd, 'out.tape'));
  const served = [...tape.exchanges()].map(({ request, fault }) => [request.url, fault]);
  tape.close();
  expect(served).toEqual([
    [`${HOST}/a`, '* /a reset first=1'],
    [`${HOST}/a`, null],
  ]);
});

test('says which line has the same again, with the seed that was drawn', async () => {
  const cwd = await folderWithTape();
  const flags = ['--mock', 'calls.tape', '--fault', '* /a reset p=0.5'];
  const urls = Array.from({ length: 20 }, () => `${HOST}/a`);
  const ran = await fetched(cwd, flags, ...urls);
  const [line, ...more] = new Set(ran.stderr.match(/(?<=^The same again: calltape run ).*/gm));
  expect(more).toEqual([]);
  const [words = []] = shellCommands(line ?? '');
  const again = await runToEnd(words, cwd);
  expect(again.stdout.toString()).toBe(ran.stdout.toString());
  expect(again.stderr).toContain(`The same again: calltape run ${line}\n`);
});

test('with --json all that it says are lines of JSON', async () => {
  const cwd = await folderWithTape();
  const { stderr } = await fetched(cwd, ['--mock', 'calls.tape', '--json'], `${HOST}/a`);
  const events: unknown[] = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({ event: 'listening', tape: 'calls.tape' });
  expect(events.at(-1)).toMatchObject({
    event: 'ended',
    exit_code: 7,
    answered: 1,
    missed: 0,
    unused: 1,
  });
});

test('the client of Stripe, unmodified: recorded once, then answered with Stripe gone', async () => {
  const cwd = await emptyFolder();
  const { flags } = await secureStandIns({
    'api.stripe.com': (_method, _path, body) => ({
      id: 'cus_1',
      object: 'customer',
      email: new URLSearchParams(body).get('email') ?? 'ada@example.com',
    }),
  });
  const program = [process.execPath, resolve(import.meta.dirname, 'clients/stripe.ts')];
  const secret = 'sk_test_51CalltapeRunKey0123456789';
  const said = '{"id":"cus_1","email":"ada@example.com","same":true}';
  const once = ['--mock', 'stripe.tape', '--mode', 'once'];
  const first = await runToEnd([...once, ...flags, '--', ...program], cwd);
  expect([first.code, first.stdout.toString()]).toEqual([0, said]);
  expect(first.stderr).toContain('passed on 2');
  expect(await findSecrets(cwd, join(cwd, 'stripe.tape'), [secret])).toEqual([]);
  const second = await runToEnd([...once, '--', ...program], cwd);
  expect([second.code, second.stdout.toString()]).toEqual([0, said]);
  expect(second.stderr).toContain('Answered 2 calls, missed 0, faulted 0');
});

describe('what would do nothing is refused before anything is made', () => {
  test.each([
    [['--fault', '* /** reset'], '--fault goes with --mock TAPE'],
    [['--on-miss', 'record'], '--on-miss goes with --mock TAPE'],
    [['--mock', 'none.tape'], 'none.tape'],
    [['--mock', 'calls.tape', '--tunnel', 'a.example'], '--tunnel goes without --mock'],
    [
      ['--mock', 'calls.tape', '--map', 'a.example=http://b.example'],
      '--map is about calls to the API',
    ],
    [['--mock', 'calls.tape', '--durable'], '--durable is about calls that are kept'],
    [['--mock', 'calls.tape', '--served', 'calls.tape'], 'that tape is being played'],
    [['--mock', 'calls.tape', '--fault', 'nonsense'], 'Failed'],
  ])('run %j', async (flags, sentence) => {
    const cwd = await folderWithTape();
    const { code, stdout, stderr } = await fetched(cwd, flags, `${HOST}/a`);
    expect([code, stdout.toString()]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(cwd, 'none.tape'))).toBe(false);
  });
});
