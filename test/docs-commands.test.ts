import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newDraft, openWriter } from '@calltape/store';
import { interruptCalltape, runCalltape, serveCalltape } from '../scripts/calltape-process.ts';
import { markdownParts } from '../scripts/markdown-parts.ts';
import { shellCommands } from '../scripts/shell-words.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SERVERS = new Set(['record', 'mock']);
const DOCS = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

/** Where the documents have the reader's app. */
const APP = 'http://127.0.0.1:3000';

let folder: string;
let tape: string;
let webhooks: string;
let app: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-docs-'));
  tape = join(folder, 'fixture.tape');
  const har = join(ROOT, 'fixtures/stripe/story.har');
  expect(await runCalltape(['import', har, '--tape', tape])).toMatchObject({ code: 0 });
  webhooks = await tapeOfWebhooks();
  readersProgram();
  app = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(app, 'listening');
});

afterAll(() => {
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A tape of what Stripe told the reader's app. */
async function tapeOfWebhooks(): Promise<string> {
  const file = join(folder, 'webhooks.tape');
  const writer = await openWriter(file, { name: 'app', source: 'proxy' }, { redact: true });
  for (const id of ['evt_1', 'evt_2']) {
    const body = Buffer.from(JSON.stringify({ id, type: 'charge.succeeded' }));
    writer.finish({
      ...newDraft('POST', `${APP}/hooks/stripe`),
      headers: ['Content-Type', 'application/json', 'Stripe-Signature', 't=1,v1=00'],
      body: { pieces: [body], size: body.length, hash: null },
      outcome: 'complete',
    });
  }
  await writer.close();
  return file;
}

/** The words of a command, with the reader's app where it is in this test. */
function withApp(words: readonly string[]): string[] {
  const address = app.address();
  const port = typeof address === 'object' ? address?.port : '';
  return words.map((word) => word.replace(APP, `http://127.0.0.1:${port}`));
}

/** The calltape commands in a document's `sh` blocks, each as its words. */
function commandsIn(doc: string): string[][] {
  const { shellLines } = markdownParts(readFileSync(join(ROOT, doc), 'utf8'));
  return (
    shellLines
      .flatMap(({ text }) => shellCommands(text))
      // A mock that runs is needed for `faults`: control-doc.test.ts has one.
      .filter(([program, command]) => program === 'calltape' && command !== 'faults')
      .map((words) => words.slice(1))
  );
}

process.env['STRIPE_WEBHOOK_SECRET'] = 'whsec_of_the_reader';

/** The reader's own program, which the documents start with npm: it costs a second each time. */
function readersProgram(): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexec node -e 0\n', { mode: 0o755 });
  process.env['PATH'] = [bin, process.env['PATH']].join(delimiter);
}

/** The rules that a document shows, as the file that it speaks of. */
function shownRules(doc: string, block: RegExp): string {
  return block.exec(readFileSync(join(ROOT, doc), 'utf8'))?.[1] ?? '';
}

/** The files of other tools that the documents speak of. */
function otherFormats(cwd: string): void {
  copyFileSync(join(ROOT, 'fixtures/har/chrome.har'), join(cwd, 'browser.har'));
  const api =
    'openapi: 3.1.0\npaths: { /a: { get: { responses: { 204: { description: a } } } } }\n';
  for (const name of ['api.yaml', 'openapi.yaml']) writeFileSync(join(cwd, name), api);
  writeFileSync(
    join(cwd, 'nock-calls.json'),
    '[{"scope": "http://a:80", "method": "GET", "path": "/"}]',
  );
  mkdirSync(join(cwd, 'wiremock/mappings'), { recursive: true });
  const mapping = { request: { url: '/a' }, response: { body: 'a' } };
  writeFileSync(join(cwd, 'wiremock/mappings/a.json'), JSON.stringify(mapping));
}

/** A folder with the tapes, the rules and the program that the documents speak of. */
function newcomersFolder(doc: string): string {
  const cwd = mkdtempSync(join(folder, 'doc-'));
  const matching = shownRules('docs/matching.md', /```json\n(\[.*?)```/s);
  const faults = shownRules('docs/faults.md', /```yaml\n(- .*?)```/s);
  writeFileSync(join(cwd, 'matching.json'), matching);
  writeFileSync(join(cwd, 'faults.yaml'), faults);
  writeFileSync(join(cwd, 'whsec.txt'), 'whsec_of_the_reader\n');
  const calls = doc === 'docs/webhooks.md' ? webhooks : tape;
  copyFileSync(calls, join(cwd, 'calls.tape'));
  copyFileSync(tape, join(cwd, 'shop.tape'));
  otherFormats(cwd);
  return cwd;
}

/** Doctor ends with 1 where a client of the machine cannot be recorded, which is no matter of the docs. */
async function runAsShown(words: readonly string[], cwd: string): Promise<number | null> {
  if (words[0] === 'doctor')
    return Math.max(0, ((await runCalltape(words, { cwd })).code ?? 9) - 1);
  if (words.includes('--follow')) return (await interruptCalltape(words, { cwd })).code;
  if (!SERVERS.has(words[0] ?? '')) return (await runCalltape(words, { cwd })).code;
  // Two test runs on one machine must not meet on a port.
  const free = words.map((word, at) =>
    /^--(?:control|metrics)-port$/.test(words[at - 1] ?? '') ? '0' : word,
  );
  const args = words.includes('--port') ? free : [...free, '--port', '0'];
  const { code } = await (await serveCalltape(args, { cwd })).stop();
  return code;
}

describe.each(DOCS.filter((doc) => doc.endsWith('.md') && commandsIn(doc).length > 0))(
  'the commands that %s shows do what they say',
  (doc) => {
    let cwd: string;

    beforeAll(() => {
      cwd = newcomersFolder(doc);
    });

    test.each(commandsIn(doc).map((words) => ({ line: words.join(' '), words })))(
      'calltape $line',
      async ({ words }) => {
        expect(await runAsShown(withApp(words), cwd)).toBe(0);
      },
    );
  },
);
