// What the preload changes in a Node.js program, and what it leaves alone.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { emptyFolder } from './run-cli.ts';
import { callsOf, runToEnd } from './run-program.ts';
import { standIn } from './stand-in.ts';

const AGENTS = resolve(import.meta.dirname, 'clients/agents.ts');

test.skipIf(process.platform === 'win32')(
  'plain agents go through the recorder, all others their own way',
  async () => {
    const cwd = await emptyFolder();
    const api = await standIn(({ url }, response) => response.end(url));
    const socketPath = join(cwd, 'api.sock');
    const unix = createServer(({ url }, response) => response.end(`unix ${url}`));
    onTestFinished(() => {
      unix.close();
    });
    await once(unix.listen(socketPath), 'listening');
    const command = [process.execPath, AGENTS, api, socketPath];
    const { code, stdout, stderr } = await runToEnd(['--', ...command], cwd);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Recorded 3 calls')]);
    const lines: unknown[] = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.assign({}, ...lines)).toEqual({
      plain: '/plain',
      ownWay: '/own-way',
      made: 1,
      unixSocket: 'unix /unix',
      createConnection: '/create-connection',
      localAddress: '/local-address',
      proxyEnv: '/proxy-env',
      worker: '/worker',
    });
    const recorded = callsOf(cwd).map(([, url]) => new URL(url).pathname);
    expect(recorded.toSorted()).toEqual(['/local-address', '/plain', '/worker']);
  },
);
