// Starts what is measured in processes of their own, and sends calls through it.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { peakMb, processorMs, residentMb } from './processes.ts';

const run = promisify(execFile);
const START_MS = 30_000;
const STOP_MS = 60_000;

export interface Contender {
  readonly url: string;
  /** From its start until it listens, ms. */
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
  /** A file of requests to send in turn, see load.ts. */
  readonly requests?: string;
}

/** What ends when the bench ends, however that came. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function contender(child: ChildProcess, url: string, startMs: number): Contender {
  const { pid } = child;
  if (pid === undefined) throw new Error(`what listens at ${url} does not run`);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return {
    url,
    startMs,
    peakMb: () => peakMb(pid),
    nowMb: () => residentMb(pid),
    cpuMs: () => processorMs(pid),
    stop: async () => {
      const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
      child.kill('SIGINT');
      await exited;
    },
  };
}

/**
 * @param args - A program and its arguments; its first line tells where it listens.
 * @param env - Set for it besides the environment of this process.
 */
export async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const url = String(line).replace('listening ', '');
  return contender(child, url, performance.now() - startedAt);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a program that says nothing: it is up when its port takes connections. */
export async function startAt(
  port: number,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const startedAt = performance.now();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  while (!(await listens(port))) {
    const gone = child.exitCode !== null || child.signalCode !== null;
    if (gone || performance.now() - startedAt > START_MS) {
      child.kill('SIGKILL');
      throw new Error(`${program} does not listen on port ${port}`);
    }
    await sleep(10);
  }
  return contender(child, `http://127.0.0.1:${port}`, performance.now() - startedAt);
}

/**
 * Sends calls through a contender and says what came of it.
 *
 * @param mayFail - mockttp now and then takes a new connection for a loop and refuses its first call.
 */
export async function load(to: Contender, what: Load, mayFail = false): Promise<Measured> {
  const { size, connections, milliseconds, perSecond = 0, requests } = what;
  const args = [here('load.ts'), to.url, size, connections, milliseconds, perSecond];
  if (requests !== undefined) args.push(requests);
  const before = to.cpuMs();
  const { stdout } = await run(process.execPath, args.map(String));
  const measured: Omit<Measured, 'cpuUs'> = JSON.parse(stdout);
  if (measured.failed > 0 && !mayFail) {
    throw new Error(`${measured.failed} calls to ${to.url} failed`);
  }
  const cpuUs = ((to.cpuMs() - before) * 1000) / Math.max(1, measured.calls);
  return { ...measured, cpuUs };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [below = 0, above = 0] = [(sorted.length - 1) / 2, sorted.length / 2].map(
    (at) => sorted[Math.floor(at)] ?? 0,
  );
  return (below + above) / 2;
}
