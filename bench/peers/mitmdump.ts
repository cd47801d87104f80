// mitmproxy as a recording reverse proxy; it is measured where it is installed.
import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startAt } from '../contender.ts';
import type { Peer } from './peer.ts';

const run = promisify(execFile);
/** More digits than a length has. */
const LENGTH_BYTES = 16;

/** Its file is a row of tnetstrings, one for each call: `LENGTH:` the content, and a letter for its kind. */
function countFlows(file: string): number {
  const descriptor = openSync(file, 'r');
  const start = Buffer.alloc(LENGTH_BYTES);
  let flows = 0;
  let at = 0;
  while (readSync(descriptor, start, 0, LENGTH_BYTES, at) > 0) {
    const [length = ''] = start.toString('latin1').split(':');
    if (!/^\d+$/.test(length)) throw new Error(`${file} is not a file of flows at byte ${at}`);
    at += length.length + Number(length) + 2;
    flows += 1;
  }
  closeSync(descriptor);
  return flows;
}

export async function startMitmdump(upstream: string, folder: string): Promise<Peer> {
  const program = process.env['MITMDUMP'] ?? 'mitmdump';
  const asked = await run(program, ['--version']).catch((error: unknown) => {
    throw new Error(`${program} is not installed (on the PATH, or named in MITMDUMP)`, {
      cause: error,
    });
  });
  const version = /Mitmproxy: (\S+)/.exec(asked.stdout)?.[1] ?? 'of unknown version';
  const port = await freePort();
  const file = join(folder, 'calls.flows');
  const listen = ['--listen-host', '127.0.0.1', '--listen-port', String(port)];
  const own = ['--set', `confdir=${join(folder, 'mitmproxy')}`];
  const flags = ['-q', '--mode', `reverse:${upstream}`, '-w', file, ...listen, ...own];
  return {
    name: `mitmdump ${version}`,
    contender: await startAt(port, [program, ...flags]),
    file,
    count: () => countFlows(file),
  };
}
