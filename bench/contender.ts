// Starts what is measured in processes of their own, and reads what they cost from /proc (Linux).
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What /proc counts processor time in, on every Linux that Node runs on: 100 a second. */
const TICK_MS = 10;

export interface Contender {
  readonly url: string;
  /** From its start to its first line, ms. */
  readonly startMs: number;
  /** Most memory it has had, MB. */
  peakMb(): number;
  /** Memory it has now, MB. */
  nowMb(): number;
  /** Processor time of all its threads so far, ms. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export interface Measured {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the contender for each call, microseconds. */
  readonly cpuUs: number;
}

export interface Load {
  /** Bytes of each answer's content. */
  readonly size: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** 0 for as many as it takes. */
  readonly perSecond?: number;
}

export function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function statusOf(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 1).split(' ');
  return (Number(user) + Number(system)) * TICK_MS;
}

/** @param args - A program and its arguments; its first line tells where it listens. */
export async function start(args: readonly string[]): Promise<Contender> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args[0]} does not start`);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url: String(line).replace('listening ', ''),
    startMs: performance.now() - startedAt,
    peakMb: () => statusOf(pid, 'VmHWM'),
    nowMb: () => statusOf(pid, 'VmRSS'),
    cpuMs: () => cpuOf(pid),
    stop: async () => {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

/**
 * Sends calls through a contender and says what came of it.
 *
 * @param mayFail - mockttp now and then takes a new connection for a loop and refuses its first call.
 */
export async function load(contender: Contender, what: Load, mayFail = false): Promise<Measured> {
  const { size, connections, milliseconds, perSecond = 0 } = what;
  const args = [here('load.ts'), contender.url, size, connections, milliseconds, perSecond];
  const before = contender.cpuMs();
  const { stdout } = await run(process.execPath, args.map(String));
  const measured: Omit<Measured, 'cpuUs'> = JSON.parse(stdout);
  if (measured.failed > 0 && !mayFail) {
    throw new Error(`${measured.failed} calls to ${contender.url} failed`);
  }
  const cpuUs = ((contender.cpuMs() - before) * 1000) / Math.max(1, measured.calls);
  return { ...measured, cpuUs };
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
