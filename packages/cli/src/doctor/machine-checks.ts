import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { openAuthority } from '@calltape/proxy';
import { calltapeHome, openTape, sqliteVersion } from '@calltape/store';
import { checkAddressFree } from '../listen-address.ts';
import { finding, type Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const DEFAULT_PORT = 4880;

/** What the machine must have for calltape to work, one finding each. */
export async function machineFindings(tape: string): Promise<Finding[]> {
  return [
    finding('ok', 'Node.js', `${process.versions.node} runs calltape`),
    finding('ok', 'SQLite', sqliteVersion()),
    await checked('certificate', 'problem', certificate),
    await checked('tape', 'problem', () => writableTape(tape)),
    await checked('port 4880', 'note', freePort),
  ];
}

/** @param verdict - For an error that the check throws, with its sentence. */
async function checked(
  subject: string,
  verdict: Finding['verdict'],
  check: () => string | Promise<string>,
): Promise<Finding> {
  try {
    return finding('ok', subject, await check());
  } catch (error) {
    return finding(verdict, subject, error instanceof Error ? error.message : String(error));
  }
}

async function certificate(): Promise<string> {
  const { certificateFile, certificatePem } = await openAuthority(calltapeHome());
  const days = Math.floor(
    (new X509Certificate(certificatePem).validToDate.getTime() - Date.now()) / DAY_MS,
  );
  return `${certificateFile}, valid for ${days} days`;
}

function writableTape(tape: string): string {
  const isNew = !existsSync(tape);
  if (!isNew) openTape(tape).close();
  const place = isNew ? dirname(tape) : tape;
  try {
    accessSync(place, constants.W_OK);
  } catch (cause) {
    const message = `"${place}" cannot be written: change its permissions, or name another tape with --tape.`;
    throw new Error(message, { cause });
  }
  return isNew ? `${tape} can be made` : `${tape} can be written`;
}

async function freePort(): Promise<string> {
  await checkAddressFree({ host: '127.0.0.1', port: DEFAULT_PORT });
  return 'free for calltape record';
}
