// What `npm start` shows: record real clients, replay them offline with failures, watch it live.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { openTape } from '@calltape/store';
import type { CallRow } from '@calltape/store';
import { slackStory, whoAmIOnSlack } from '../test/stories/slack.ts';
import { readStripeCustomers, stripeStory } from '../test/stories/stripe.ts';
import { runCalltape, serveCalltape } from './calltape-process.ts';
import { LIVE_FAULTS, makeTraffic } from './demo/traffic.ts';
import { startUpstreams } from './demo/upstreams.ts';

const BIN = fileURLToPath(new URL('../packages/cli/bin/calltape.js', import.meta.url));
const SEED = '7';
const TRAFFIC_BEFORE_REPORT_MS = 4000;
const FAULTS = [
  'GET /v1/customers status=503 first=2',
  '* /api/auth.test status=429 retry-after=1 first=2',
];
const RESET = '* /** reset first=1';

interface Recorded {
  readonly stripe: unknown[];
  readonly slack: unknown[];
}

function say(text: string): void {
  console.log(text);
}

function sayStage(number: number, text: string): void {
  say(`\n[${number}/4] ${text}`);
}

function sayCommand(args: readonly string[], folder: string): void {
  const words = args.map((word) => (word.startsWith(folder) ? basename(word) : word));
  say(
    `      $ calltape ${words.map((word) => (/[ *]/.test(word) ? `'${word}'` : word)).join(' ')}`,
  );
}

function sayResult(text: string): void {
  say(`      ${text}`);
}

async function serve(args: readonly string[], folder: string) {
  sayCommand(args, folder);
  return serveCalltape([...args, '--port', '0']);
}

function callsOn(file: string): CallRow[] {
  const tape = openTape(file);
  const calls = tape.calls();
  tape.close();
  return calls;
}

async function record(tape: string, folder: string): Promise<Recorded> {
  sayStage(1, 'Record: Stripe and Slack through their own clients, unchanged but for the base URL');
  const upstreams = await startUpstreams();
  const stripe = await serve(['record', upstreams.stripe, '--tape', tape], folder);
  const slack = await serve(['record', upstreams.slack, '--tape', tape], folder);
  const recorded = {
    stripe: await stripeStory(stripe.url),
    slack: await slackStory(slack.url),
  };
  await Promise.all([stripe.stop(), slack.stop()]);
  await upstreams.close();
  const calls = callsOn(tape);
  sayResult(`${calls.length} calls on the tape, both APIs stopped: from here on all is offline`);
  return recorded;
}

async function replay(tape: string, recorded: Recorded, folder: string): Promise<void> {
  sayStage(2, 'Mock: the same programs, the APIs gone');
  const mock = await serve(['mock', tape], folder);
  const replayed = { stripe: await stripeStory(mock.url), slack: await slackStory(mock.url) };
  await mock.stop();
  if (!isDeepStrictEqual(replayed, recorded)) throw new Error('the replay differs');
  const results = recorded.stripe.length + recorded.slack.length;
  sayResult(`all ${results} results of the two clients are equal to the recorded ones`);
}

function sayAttempts(calls: readonly CallRow[]): void {
  for (const path of ['/v1/customers', '/api/auth.test']) {
    const tries = calls.filter((call) => call.template === path);
    const answers = tries.map((call) => call.status ?? call.outcome).join(', ');
    sayResult(`${path}: the client saw ${answers} and got through by itself`);
  }
}

async function failures(tape: string, folder: string): Promise<void> {
  sayStage(3, 'Fail: what real APIs do on a bad day, and what these clients make of it');
  for (const [name, faults] of Object.entries({ status: FAULTS, reset: [RESET] })) {
    const served = join(folder, `${name}.tape`);
    const rules = faults.flatMap((fault) => ['--fault', fault]);
    const mock = await serve(['mock', tape, ...rules, '--seed', SEED, '--served', served], folder);
    await readStripeCustomers(mock.url);
    await whoAmIOnSlack(mock.url);
    await mock.stop();
    sayAttempts(callsOn(served));
  }
}

async function showDashboard(live: string): Promise<void> {
  const child = spawn(process.execPath, [BIN, 'dashboard', '--tape', live], { stdio: 'inherit' });
  await once(child, 'exit');
}

async function watch(tape: string, live: string, folder: string): Promise<void> {
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env['CI'] !== 'true';
  sayStage(4, 'Watch: live calls through the recorders, and the mock with faults, side by side');
  const upstreams = await startUpstreams();
  const rules = LIVE_FAULTS.flatMap((fault) => ['--fault', fault]);
  const stripe = await serve(['record', upstreams.stripe, '--tape', live], folder);
  const slack = await serve(['record', upstreams.slack, '--tape', live], folder);
  const mock = await serve(['mock', tape, ...rules, '--seed', SEED, '--served', live], folder);
  sayCommand(['dashboard', '--tape', live], folder);
  const stopped = new AbortController();
  const targets = { stripe: stripe.url, slack: slack.url, mock: mock.url };
  const traffic = makeTraffic(targets, stopped.signal);
  await delay(hasTerminal ? TRAFFIC_BEFORE_REPORT_MS / 4 : TRAFFIC_BEFORE_REPORT_MS);
  if (hasTerminal) await showDashboard(live);
  stopped.abort();
  await traffic;
  await Promise.all([stripe.stop(), slack.stop(), mock.stop()]);
  await upstreams.close();
  const report = await runCalltape(['dashboard', '--tape', live]);
  say(`\n${report.stdout}`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-demo-'));
  const tape = join(folder, 'calls.tape');
  const live = join(folder, 'live.tape');
  say('calltape: record, mock and watch calls to other people’s APIs. All of it on this machine.');
  const recorded = await record(tape, folder);
  await replay(tape, recorded, folder);
  await failures(tape, folder);
  await watch(tape, live, folder);
  say(`The tapes are in ${folder}. Next: calltape --help`);
}

await main();
