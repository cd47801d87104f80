import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCalltape, serveCalltape } from '../scripts/calltape-process.ts';
import { markdownParts } from '../scripts/markdown-parts.ts';
import { shellCommands } from '../scripts/shell-words.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SERVERS = new Set(['record', 'mock']);
const DOCS = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

let folder: string;
let tape: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-docs-'));
  tape = join(folder, 'fixture.tape');
  const har = join(ROOT, 'fixtures/stripe/story.har');
  expect(await runCalltape(['import', har, '--tape', tape])).toMatchObject({ code: 0 });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The calltape commands in a document's `sh` blocks, each as its words. */
function commandsIn(doc: string): string[][] {
  const { shellLines } = markdownParts(readFileSync(join(ROOT, doc), 'utf8'));
  return shellLines
    .flatMap(({ text }) => shellCommands(text))
    .filter(([program]) => program === 'calltape')
    .map((words) => words.slice(1));
}

/** A folder with the tapes that the documents speak of. */
function newcomersFolder(): string {
  const cwd = mkdtempSync(join(folder, 'doc-'));
  for (const name of ['calls.tape', 'shop.tape']) copyFileSync(tape, join(cwd, name));
  return cwd;
}

async function runAsShown(words: readonly string[], cwd: string): Promise<number | null> {
  if (!SERVERS.has(words[0] ?? '')) return (await runCalltape(words, { cwd })).code;
  // Two test runs on one machine must not meet on a port.
  const args = words.includes('--port') ? words : [...words, '--port', '0'];
  const { code } = await (await serveCalltape(args, { cwd })).stop();
  return code;
}

describe.each(DOCS.filter((doc) => doc.endsWith('.md') && commandsIn(doc).length > 0))(
  'the commands that %s shows do what they say',
  (doc) => {
    let cwd: string;

    beforeAll(() => {
      cwd = newcomersFolder();
    });

    test.each(commandsIn(doc).map((words) => ({ line: words.join(' '), words })))(
      'calltape $line',
      async ({ words }) => {
        expect(await runAsShown(words, cwd)).toBe(0);
      },
    );
  },
);
