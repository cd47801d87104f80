import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { controlNotes } from '@calltape/mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCalltape, serveCalltape, type Serving } from '../scripts/calltape-process.ts';
import { markdownParts } from '../scripts/markdown-parts.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BIN = join(ROOT, 'packages/cli/bin/calltape.js');
const run = promisify(execFile);

/** What the document shows for a mock that runs. */
const LINES = markdownParts(readFileSync(join(ROOT, 'docs/control.md'), 'utf8'))
  .shellLines.map(({ text }) => text)
  .filter((text) => /^(?:curl|calltape faults) /.test(text));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

// The examples are for a shell.
describe.skipIf(process.platform === 'win32')('what docs/control.md shows', () => {
  const home = mkdtempSync(join(tmpdir(), 'calltape-control-'));
  const before = process.env['CALLTAPE_HOME'];
  let mock: Serving;
  let env: NodeJS.ProcessEnv;
  /** Another in each test run. */
  let metricsPort = 0;

  beforeAll(async () => {
    process.env['CALLTAPE_HOME'] = home;
    const har = join(ROOT, 'fixtures/stripe/story.har');
    await runCalltape(['import', har, '--tape', 'calls.tape'], { cwd: home });
    metricsPort = await freePort();
    const figures = ['--metrics-port', String(metricsPort)];
    const ports = ['--port', '0', '--control-port', '0', ...figures];
    mock = await serveCalltape(['mock', 'calls.tape', ...ports], { cwd: home });
    const [note] = controlNotes(home);
    const wrapper = join(home, 'calltape');
    writeFileSync(wrapper, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
    chmodSync(wrapper, 0o700);
    env = {
      ...process.env,
      PATH: `${home}:${process.env['PATH']}`,
      CONTROL: note?.url,
      AUTH: `Authorization: Bearer ${note?.token}`,
    };
    // The rule that the first lines are about.
    await run('calltape', ['faults', 'add', '* /other reset'], { env });
  });

  afterAll(async () => {
    await mock.stop();
    if (before === undefined) delete process.env['CALLTAPE_HOME'];
    else process.env['CALLTAPE_HOME'] = before;
    rmSync(home, { recursive: true, force: true });
  });

  test('is something', () => {
    expect(LINES.length).toBeGreaterThan(10);
  });

  test.each(LINES)('%s', async (line) => {
    const command = line.replace('http://127.0.0.1:9464', `http://127.0.0.1:${metricsPort}`);
    const { stdout } = await run('sh', ['-c', command], { env });
    expect(stdout).not.toBe('');
    expect(stdout).not.toContain('"error"');
  });
});
