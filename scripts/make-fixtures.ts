// Remakes fixtures/*/story.har: each system's own client, recorded against a published emulator.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator } from 'emulate';
import { slackStory } from '../test/stories/slack.ts';
import { stripeStory } from '../test/stories/stripe.ts';
import { runCalltape, serveCalltape } from './calltape-process.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const STORIES = { stripe: stripeStory, slack: slackStory } as const;

/** Stripe's client names the machine's operating system in a header; a fixture is not about that. */
function withoutPlatform(har: string): string {
  return har.replaceAll(/(\\"platform\\":\\")[^"\\]*/g, '$1any');
}

async function make(name: keyof typeof STORIES, folder: string): Promise<void> {
  const tape = join(folder, `${name}.tape`);
  const har = join(FIXTURES, name, 'story.har');
  const emulator = await createEmulator({ service: name, port: 0 });
  const recorder = await serveCalltape(['record', emulator.url, '--port', '0', '--tape', tape]);
  await STORIES[name](recorder.url);
  await recorder.stop();
  await emulator.close();
  mkdirSync(dirname(har), { recursive: true });
  const exported = await runCalltape([
    'export',
    '--format',
    'har',
    '-o',
    har,
    '--force',
    '--tape',
    tape,
  ]);
  if (exported.code !== 0) throw new Error(exported.stderr);
  writeFileSync(har, withoutPlatform(readFileSync(har, 'utf8')));
  console.log(`fixtures/${name}/story.har`);
}

const folder = mkdtempSync(join(tmpdir(), 'calltape-fixtures-'));
for (const name of ['stripe', 'slack'] as const) await make(name, folder);
rmSync(folder, { recursive: true });
