// Mockoon's command line as a recording proxy: no routes, all calls passed on, every one in its log file.
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, startAt } from '../contender.ts';
import { installed } from './installed.ts';
import type { Peer } from './peer.ts';

const VERSION = '9.9.0';

async function countLogged(log: string): Promise<number> {
  let calls = 0;
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (line.includes('"message":"Transaction recorded"')) calls += 1;
  }
  return calls;
}

/** @param folder - Where it keeps its log, as if that were the home folder. */
export async function startMockoon(upstream: string, folder: string): Promise<Peer> {
  const program = await installed('@mockoon/cli', VERSION, process.env['MOCKOON']);
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(program, 'package.json'), 'utf8'),
  );
  const port = await freePort();
  const environment = {
    uuid: '5a0c1d3e-8b1f-4c56-9d5a-3f8e2b7c6d10',
    lastMigration: 33,
    name: 'bench',
    hostname: '127.0.0.1',
    port,
    endpointPrefix: '',
    latency: 0,
    folders: [],
    routes: [],
    rootChildren: [],
    data: [],
    callbacks: [],
    cors: false,
    headers: [],
    tlsOptions: { enabled: false, type: 'CERT' },
    proxyMode: true,
    proxyHost: upstream,
    proxyRemovePrefix: false,
    proxyReqHeaders: [],
    proxyResHeaders: [],
  };
  const data = join(folder, 'mockoon.json');
  writeFileSync(data, JSON.stringify(environment));
  const flags = ['--data', data, '--log-transaction', '--disable-admin-api'];
  const contender = await startAt(
    port,
    [process.execPath, join(program, 'bin/run.js'), 'start', ...flags],
    { HOME: folder, NODE_NO_WARNINGS: '1' },
  );
  const file = join(folder, '.mockoon-cli/logs/bench.log');
  return {
    name: `Mockoon CLI ${version}`,
    contender,
    file,
    count: async () => await countLogged(file),
  };
}
