import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCalltape, serveCalltape } from '../scripts/calltape-process.ts';
import { slackStory } from './stories/slack.ts';
import { stripeStory } from './stories/stripe.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-fixtures-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  { name: 'stripe', story: stripeStory },
  { name: 'slack', story: slackStory },
])('fixtures/$name/story.har answers its whole story', async ({ name, story }) => {
  const har = fileURLToPath(new URL(`../fixtures/${name}/story.har`, import.meta.url));
  const tape = join(folder, `${name}.tape`);
  expect(await runCalltape(['import', har, '--tape', tape])).toMatchObject({ code: 0 });
  const mock = await serveCalltape(['mock', tape, '--port', '0']);
  const told = await story(mock.url);
  const { code, stderr } = await mock.stop();
  expect(code).toBe(0);
  expect(stderr).toContain(`Answered ${told.length} calls, missed 0`);
});
