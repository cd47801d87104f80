// What a process and its children cost, read from /proc (Linux).
import { readFileSync } from 'node:fs';

/** What /proc counts processor time in, on every Linux that Node runs on: 100 a second. */
const TICK_MS = 10;

/** The process and all below it: some programs come packed, and run in a child of what was started. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [
    pid,
    ...children
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ];
}

function status(pid: number, field: string): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024;
}

function processor(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 1).split(' ');
  return (Number(user) + Number(system)) * TICK_MS;
}

function sum(pid: number, figure: (pid: number) => number): number {
  return family(pid).reduce((total, one) => total + figure(one), 0);
}

/** Most memory it has had, MB. */
export function peakMb(pid: number): number {
  return sum(pid, (one) => status(one, 'VmHWM'));
}

/** Memory it has now, MB. */
export function residentMb(pid: number): number {
  return sum(pid, (one) => status(one, 'VmRSS'));
}

/** Processor time of all its threads so far, ms. */
export function processorMs(pid: number): number {
  return sum(pid, processor);
}
