// Remakes the dashboard pictures in README.md and docs/watch.md from the real program: a terminal of
// that size, with traffic through a recorder and a mock behind it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { stripeStory } from '../test/stories/stripe.ts';
import { slackStory } from '../test/stories/slack.ts';
import { serveCalltape } from './calltape-process.ts';
import { LIVE_FAULTS, makeTraffic } from './demo/traffic.ts';
import { startUpstreams } from './demo/upstreams.ts';

// xterm's headless build is CommonJS with a name that static analysis of ESM does not find.
const { Terminal }: typeof import('@xterm/headless') = createRequire(import.meta.url)(
  '@xterm/headless',
);

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BIN = join(ROOT, 'packages/cli/bin/calltape.js');
const TRAFFIC_MS = 45_000;
const SETTLE_MS = 2500;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

async function screenOf(tape: string, size: Size, keys: string): Promise<string> {
  const { columns: cols, rows } = size;
  const terminal = new Terminal({ cols, rows, allowProposedApi: true });
  const args = [BIN, 'dashboard', '--tape', tape];
  const child = spawn(process.execPath, args, { cols, rows, name: 'xterm-256color' });
  child.onData((data) => terminal.write(data));
  await delay(SETTLE_MS);
  if (keys !== '') {
    child.write(keys);
    await delay(SETTLE_MS);
  }
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  );
  const exited = new Promise<void>((resolve) => {
    child.onExit(() => resolve());
  });
  child.write('q');
  if (keys !== '') child.write('q');
  await exited;
  return lines.join('\n').trimEnd();
}

/** Replaces what stands between `<!-- NAME -->` and `<!-- end -->`. */
function place(file: string, name: string, picture: string): void {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
  if (!pattern.test(text)) throw new Error(`${file} has no place for "${name}"`);
  const fence = '```';
  writeFileSync(
    path,
    text.replace(
      pattern,
      (_, start: string, end: string) => `${start}\n${fence}text\n${picture}\n${fence}\n\n${end}`,
    ),
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-pictures-'));
  const [tape, live] = [join(folder, 'calls.tape'), join(folder, 'live.tape')];
  const upstreams = await startUpstreams();
  const rules = LIVE_FAULTS.flatMap((fault) => ['--fault', fault]);
  const stripe = await serveCalltape(['record', upstreams.stripe, '--port', '0', '--tape', live]);
  const slack = await serveCalltape(['record', upstreams.slack, '--port', '0', '--tape', live]);
  const first = await serveCalltape(['record', upstreams.stripe, '--port', '0', '--tape', tape]);
  const second = await serveCalltape(['record', upstreams.slack, '--port', '0', '--tape', tape]);
  await stripeStory(first.url);
  await slackStory(second.url);
  await Promise.all([first.stop(), second.stop()]);
  const where = ['--port', '0', '--served', live];
  const mock = await serveCalltape(['mock', tape, ...where, ...rules, '--seed', '7']);
  const stopped = new AbortController();
  const targets = { stripe: stripe.url, slack: slack.url, mock: mock.url };
  const traffic = makeTraffic(targets, stopped.signal);
  await delay(TRAFFIC_MS);
  const small = await screenOf(live, { columns: 80, rows: 24 }, '');
  place('README.md', 'dashboard 80x24', small);
  place('docs/watch.md', 'overview 80x24', small);
  place('docs/watch.md', 'overview 200x50', await screenOf(live, { columns: 200, rows: 50 }, ''));
  place('docs/watch.md', 'calls 80x24', await screenOf(live, { columns: 80, rows: 24 }, '2'));
  place('docs/watch.md', 'calls 200x50', await screenOf(live, { columns: 200, rows: 50 }, '2'));
  stopped.abort();
  await traffic;
  await Promise.all([stripe.stop(), slack.stop(), mock.stop()]);
  await upstreams.close();
  rmSync(folder, { recursive: true });
}

await main();
