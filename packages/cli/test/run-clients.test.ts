// Clients as they come, calling the real addresses of their APIs under calltape run: each call is on
// the tape under its real URL, and the client saw the answer. Only --map says that the APIs are here.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat, watch, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSecrets, findSecretsInFiles } from '../../store/test/secret-search.ts';
import { findProgram } from '../src/running/find-program.ts';
import { emptyFolder } from './run-cli.ts';
import { callsOf, runToEnd, startRun, type Ran } from './run-program.ts';
import { secureStandIns, type Answer } from './secure-stand-in.ts';

const HOST = 'api.calltape.example';
const echo: Answer = (_method, path) => `hello ${path}`;

interface Recorded extends Ran {
  readonly calls: [string, string, number | null][];
}

/** Runs a command with the hosts elsewhere; what it said, and what was recorded. */
async function recorded(
  answers: Readonly<Record<string, Answer>>,
  command: readonly string[],
  flags: readonly string[] = [],
): Promise<Recorded> {
  const cwd = await emptyFolder();
  const { flags: maps } = await secureStandIns(answers);
  const ran = await runToEnd(['--quiet', ...flags, ...maps, '--', ...command], cwd);
  return { ...ran, calls: callsOf(cwd) };
}

function client(name: string): string[] {
  return [process.execPath, resolve(import.meta.dirname, `clients/${name}.ts`)];
}

function customer(body: string): unknown {
  return { id: 'cus_1', object: 'customer', email: new URLSearchParams(body).get('email') };
}

/** What the clients are given to authenticate with. */
const SECRETS = [
  'sk_test_51CalltapeRunKey0123456789',
  'an-auth-token',
  '0123456789abcdef0123456789abcdef-us1',
  'xoxb-0123456789-CalltapeRunToken',
];

const ALL_ANSWERS: Readonly<Record<string, Answer>> = {
  'api.stripe.com': (_method, _path, body) => customer(body),
  'api.twilio.com': () => ({ sid: 'SM1', status: 'queued' }),
  'us1.api.mailchimp.com': () => ({ health_status: 'well' }),
  'slack.com': () => ({ ok: true, user: 'bot' }),
};
const CALLS_OF_ALL = 5;
const ALL_DONE = 'all clients are done';

/** Runs commands, says so, and stays until stdin ends. */
const ONE_AFTER_ANOTHER = `
for (const [program, ...words] of JSON.parse(process.env.COMMANDS)) {
  require('node:child_process').execFileSync(program, words);
}
console.log('${ALL_DONE}');
process.stdin.resume();`;

/** Waits until the files of a tape change, or for a moment: a look at them tells. */
async function nextChange(folder: string): Promise<void> {
  const signal = AbortSignal.timeout(200);
  try {
    await watch(folder, { signal })[Symbol.asyncIterator]().next();
  } catch {
    // Nothing has changed.
  }
}

/** The secrets of which some place was found. */
function secretsIn(places: readonly string[]): string[] {
  return [...new Set(places.map((place) => place.split(' in ')[0] ?? ''))].toSorted();
}

describe("APIs' own Node.js clients", () => {
  test.each([
    {
      name: 'stripe',
      host: 'api.stripe.com',
      answer: (method, path, body) =>
        method === 'POST' || path.endsWith('/cus_1') ? customer(body) : undefined,
      says: { id: 'cus_1', email: 'ada@example.com', same: true },
      calls: [
        ['POST', 'https://api.stripe.com/v1/customers', 200],
        ['GET', 'https://api.stripe.com/v1/customers/cus_1', 200],
      ],
    },
    {
      name: 'twilio',
      host: 'api.twilio.com',
      answer: (method) => (method === 'POST' ? { sid: 'SM1', status: 'queued' } : undefined),
      says: { sid: 'SM1', status: 'queued' },
      calls: [
        ['POST', expect.stringMatching(/^https:\/\/api\.twilio\.com\/.+\/Messages\.json$/), 200],
      ],
    },
    {
      name: 'mailchimp',
      host: 'us1.api.mailchimp.com',
      answer: () => ({ health_status: "Everything's Chimpy!" }),
      says: { health_status: "Everything's Chimpy!" },
      calls: [['GET', 'https://us1.api.mailchimp.com/3.0/ping', 200]],
    },
    {
      name: 'slack',
      host: 'slack.com',
      answer: () => ({ ok: true, user: 'bot' }),
      says: { ok: true, user: 'bot' },
      calls: [['POST', 'https://slack.com/api/auth.test', 200]],
    },
  ] satisfies {
    name: string;
    host: string;
    answer: Answer;
    says: unknown;
    calls: unknown[];
  }[])('$name', async ({ name, host, answer, says, calls }) => {
    const ran = await recorded({ [host]: answer }, client(name));
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(JSON.parse(ran.stdout.toString())).toEqual(says);
    expect(ran.calls).toEqual(calls);
  });

  test.each([
    { flags: [], secrets: [] },
    { flags: ['--no-redact'], secrets: SECRETS },
  ])(
    'a tape of all of them holds these of their secrets, with $flags: $secrets',
    async ({ flags, secrets }) => {
      const cwd = await emptyFolder();
      const { flags: maps } = await secureStandIns(ALL_ANSWERS);
      // One recorder for all, which goes on after them until its stdin ends.
      const names = ['stripe', 'twilio', 'mailchimp', 'slack'];
      const commands = names.map((name) => client(name));
      const running = startRun(
        ['--quiet', ...flags, ...maps, '--', process.execPath, '-e', ONE_AFTER_ANOTHER],
        cwd,
        { COMMANDS: JSON.stringify(commands) },
      );
      await running.says(ALL_DONE);
      while (callsOf(cwd).length < CALLS_OF_ALL) await nextChange(cwd);
      const files = await readdir(cwd);
      expect(files.toSorted()).toEqual(['calls.tape', 'calls.tape-shm', 'calls.tape-wal']);
      expect((await stat(join(cwd, 'calls.tape-wal'))).size).toBeGreaterThan(0);
      const live = await findSecretsInFiles(cwd, SECRETS);
      running.child.stdin?.end();
      expect((await running.ended).code).toBe(0);
      const after = await findSecrets(cwd, join(cwd, 'calls.tape'), SECRETS);
      for (const found of [live, after]) expect(secretsIn(found)).toEqual(secrets.toSorted());
    },
    120_000,
  );

  test('every usual way to call a URL', async () => {
    const ran = await recorded({ [HOST]: echo }, [...client('libraries'), `https://${HOST}`]);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const answers: Record<string, string> = JSON.parse(ran.stdout.toString());
    const ways = Object.keys(answers);
    expect(ways).toHaveLength(11);
    expect(answers).toEqual(Object.fromEntries(ways.map((way) => [way, `hello /${way}`])));
    expect(ran.calls).toEqual(ways.map((way) => ['GET', `https://${HOST}/${way}`, 200]));
  });
});

const NODE_20 = '/usr/bin/node';

/** Node.js before 22.21 and 24.5 cannot use proxies by itself. */
const OLD_NODE = `
const https = require('https');
const get = (options) => new Promise((resolve, reject) => {
  https.get('https://${HOST}/' + options.path, options, (response) => {
    response.setEncoding('utf8').on('data', console.log).on('end', resolve);
  }).on('error', reject);
});
(async () => {
  await get({ path: '/global' });
  await get({ path: '/own', agent: new https.Agent({ keepAlive: false }) });
  console.log(await (await fetch('https://${HOST}/fetch')).text());
})();`;

test.skipIf(!isOldNode(NODE_20))('a Node.js without support for proxies', async () => {
  const ran = await recorded({ [HOST]: echo }, [NODE_20, '-e', OLD_NODE]);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  const paths = ['global', 'own', 'fetch'];
  expect(ran.stdout.toString()).toBe(paths.map((path) => `hello /${path}\n`).join(''));
  expect(ran.calls).toEqual(paths.map((path) => ['GET', `https://${HOST}/${path}`, 200]));
});

function isOldNode(file: string): boolean {
  return existsSync(file) && /^v(?:18|20)\./.test(String(execFileSync(file, ['--version'])));
}

const THERE = `https://${HOST}/x`;
const SHA = '1234567890123456789012345678901234567890';

interface OtherClient {
  readonly name: string;
  readonly program: string;
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  readonly says: string;
  readonly calls?: readonly (readonly [string, string, number])[];
  /** What says that a part of it is not installed. */
  readonly needs?: readonly string[];
}

const JAVA = `
import java.net.URI;
import java.net.http.*;
public class Call {
  public static void main(String[] words) throws Exception {
    var body = HttpResponse.BodyHandlers.ofString();
    var request = HttpRequest.newBuilder(URI.create(words[0])).build();
    System.out.println(HttpClient.newHttpClient().send(request, body).body());
    System.out.println(new String(URI.create(words[0]).toURL().openStream().readAllBytes()));
  }
}`;

const GO = `
package main
import ("io"; "net/http"; "os")
func main() {
  response, err := http.Get(os.Args[1])
  if err != nil { panic(err) }
  io.Copy(os.Stdout, response.Body)
}`;

const PERL = `use HTTP::Tiny; print HTTP::Tiny->new(verify_SSL => 1)->get($ARGV[0])->{content};`;

const CLIENTS: readonly OtherClient[] = [
  { name: 'curl', program: 'curl', command: ['curl', '-sS', THERE], says: 'hello /x' },
  {
    name: 'git',
    program: 'git',
    command: ['git', 'ls-remote', `https://${HOST}/repository.git`],
    says: `${SHA}\tHEAD\n${SHA}\trefs/heads/main\n`,
    calls: [
      ['GET', `https://${HOST}/repository.git/info/refs?service=git-upload-pack`, 200],
      ['GET', `https://${HOST}/repository.git/HEAD`, 200],
    ],
  },
  {
    name: 'python3 urllib',
    program: 'python3',
    command: [
      'python3',
      '-c',
      `import urllib.request as u; print(u.urlopen('${THERE}').read().decode())`,
    ],
    says: 'hello /x\n',
  },
  {
    name: 'python3 requests',
    program: 'python3',
    needs: ['python3', '-c', 'import requests'],
    command: ['python3', '-c', `import requests; print(requests.get('${THERE}').text)`],
    says: 'hello /x\n',
  },
  {
    name: 'java',
    program: 'java',
    flags: ['--java'],
    command: ['java', 'Call.java', THERE],
    says: 'hello /x\nhello /x\n',
    calls: [
      ['GET', THERE, 200],
      ['GET', THERE, 200],
    ],
  },
  { name: 'go', program: 'go', command: ['go', 'run', 'call.go', THERE], says: 'hello /x' },
  {
    name: 'deno',
    program: 'deno',
    command: ['deno', 'eval', `console.log(await (await fetch('${THERE}')).text())`],
    says: 'hello /x\n',
  },
  {
    name: 'bun',
    program: 'bun',
    command: ['bun', '-e', `console.log(await (await fetch('${THERE}')).text())`],
    says: 'hello /x\n',
  },
  {
    name: 'ruby',
    program: 'ruby',
    command: ['ruby', '-rnet/http', '-e', `puts Net::HTTP.get(URI('${THERE}'))`],
    says: 'hello /x\n',
  },
  {
    name: 'perl HTTP::Tiny',
    program: 'perl',
    needs: ['perl', '-MHTTP::Tiny', '-MIO::Socket::SSL', '-MNet::SSLeay', '-e', '0'],
    command: ['perl', '-e', PERL, THERE],
    says: 'hello /x',
  },
];

function isThere({ program, needs = [] }: OtherClient): boolean {
  if (findProgram(program, process.env, process.platform).kind !== 'found') return false;
  const [file, ...args] = needs;
  if (file === undefined) return true;
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const greeting: Answer = (_method, path) => {
  if (path.includes('/info/refs')) return `${SHA}\trefs/heads/main\n`;
  return path.endsWith('/HEAD') ? 'ref: refs/heads/main\n' : `hello ${path}`;
};

describe('programs that are no Node.js', () => {
  for (const one of CLIENTS) {
    const name = one.needs === undefined ? one.program : (one.needs.at(-1) ?? '');
    test.skipIf(!isThere(one))(
      name,
      async () => {
        const cwd = await emptyFolder();
        await writeFile(join(cwd, 'Call.java'), JAVA);
        await writeFile(join(cwd, 'call.go'), GO);
        const { flags } = await secureStandIns({ [HOST]: greeting });
        const words = ['--quiet', ...(one.flags ?? []), ...flags, '--', ...one.command];
        const { code, stdout, stderr } = await runToEnd(words, cwd);
        expect({ code, stdout: stdout.toString(), stderr }).toMatchObject({
          code: 0,
          stdout: one.says,
        });
        expect(callsOf(cwd)).toEqual(one.calls ?? [['GET', THERE, 200]]);
      },
      60_000,
    );
  }
});
