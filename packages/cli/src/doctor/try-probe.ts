import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { visible } from '@calltape/store';
import type { Environment } from '../environment/variables.ts';
import { findProgram } from '../running/find-program.ts';
import { startOf } from '../running/windows-command.ts';
import { finding, type Finding } from './finding.ts';
import type { Laboratory } from './laboratory.ts';
import type { Probe } from './probe.ts';

const DEFAULT_LIMIT_MS = 15_000;
const { platform } = process;

/** How a probe ended. */
interface Outcome {
  readonly failed: boolean;
  readonly timedOut: boolean;
  /** All it said. */
  readonly words: string;
}

/** Runs a client in the environment of a recorded program; null where it is not on PATH. */
export async function tryProbe(
  probe: Probe,
  laboratory: Laboratory,
  env: Readonly<Record<string, string>>,
): Promise<Finding | null> {
  const found = findProgram(probe.program, env, platform);
  if (found.kind !== 'found') return null;
  const url = laboratory.urlFor(encodeURIComponent(probe.subject));
  const outcome = await run(found.file, await argsOf(probe, url, laboratory.folder), probe, env);
  if (await laboratory.hasRecorded(url)) return recorded(probe, outcome);
  if (probe.absent?.test(outcome.words) === true) {
    return finding('skipped', probe.subject, 'not installed');
  }
  return finding('problem', probe.subject, `not recorded: ${reason(outcome)}; ${probe.remedy}`);
}

function recorded({ subject }: Probe, { failed, words }: Outcome): Finding {
  if (!failed) return finding('ok', subject, 'recorded');
  return finding('problem', subject, `recorded, but the client failed: ${lastLine(words)}`);
}

async function argsOf(probe: Probe, url: string, folder: string): Promise<readonly string[]> {
  if (probe.file === undefined) return probe.args(url);
  const file = join(folder, probe.file.name);
  await writeFile(file, probe.file.content);
  return [...(probe.program === 'go' ? ['run'] : []), file, ...probe.args(url)];
}

function run(
  file: string,
  args: readonly string[],
  { limitMs: timeout = DEFAULT_LIMIT_MS }: Probe,
  env: Environment,
): Promise<Outcome> {
  const start = startOf(file, args, platform);
  const windowsVerbatimArguments = start.verbatim;
  return new Promise((resolve) => {
    execFile(
      start.file,
      [...start.args],
      { env, timeout, killSignal: 'SIGKILL', windowsVerbatimArguments },
      (error, stdout, stderr) => {
        const timedOut = error?.killed === true;
        resolve({ failed: error !== null, timedOut, words: `${stdout}\n${stderr}` });
      },
    );
  });
}

/** Clients say in many ways that they do not trust a certificate, or that a name leads nowhere. */
function reason({ timedOut, words }: Outcome): string {
  if (timedOut) return 'it did not end in time';
  if (/certificate|self.signed|PKIX|unknown.?issuer|untrusted|x509/i.test(words)) {
    return "it does not trust calltape's certificate";
  }
  if (
    /resolv|ENOTFOUND|getaddrinfo|Unknown ?Host|UnresolvedAddress|no such host|Name or/i.test(words)
  ) {
    return 'it does not look at the proxy variables';
  }
  return `it failed (${lastLine(words)})`;
}

function lastLine(words: string): string {
  return visible(words.trim().split('\n').at(-1) ?? '').slice(0, 200);
}
