import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { projectIn, runVitest } from '../packages/cli/test/child-vitest.ts';
import { runCalltape } from '../scripts/calltape-process.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The test files that a document shows. */
async function testsIn(doc: string): Promise<string[]> {
  const markdown = await readFile(join(ROOT, doc), 'utf8');
  return [...markdown.matchAll(/```ts\n(import .*?)```/gs)].map(([, source = '']) => source);
}

/** A tape of Stripe's answers, as if they had come from Stripe itself. */
async function shopTape(folder: string): Promise<void> {
  const har = await readFile(join(ROOT, 'fixtures/stripe/story.har'), 'utf8');
  const file = join(folder, 'shop.har');
  await writeFile(file, har.replaceAll(/http:\/\/localhost:\d+/g, 'https://api.stripe.com'));
  const ran = await runCalltape(['import', file, '--tape', join(folder, 'shop.tape')]);
  expect(ran).toMatchObject({ code: 0 });
}

test.each([
  ['README.md', 1],
  ['docs/testing.md', 3],
])('the tests that %s shows pass', { timeout: 120_000 }, async (doc, count) => {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-docs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const tests = await testsIn(doc);
  expect(tests).toHaveLength(count);
  await projectIn(
    folder,
    Object.fromEntries(tests.map((source, at) => [`shown-${at}.test.ts`, source])),
  );
  await shopTape(folder);
  const { code, output } = await runVitest(folder, { CI: 'true' });
  expect(output).toMatch(new RegExp(`Tests +${count} passed`));
  expect(code).toBe(0);
});
