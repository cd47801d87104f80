import type { Timings } from '@calltape/store';

const BAR_CELLS = 40;

interface Phase {
  readonly name: string;
  /** Milliseconds since the start of the call. */
  readonly from: number;
  readonly ms: number;
}

/** The phases of a call as a small waterfall, a line each; a line that says so when none is known. */
export function timingLines(timings: Timings, durationMs: number | null): string[] {
  const phases = phasesOf(timings);
  const end = Math.max(...phases.map(({ from, ms }) => from + ms), durationMs ?? 0);
  const total: Phase[] = durationMs === null ? [] : [{ name: 'total', from: 0, ms: durationMs }];
  const all = [...phases, ...total];
  if (all.length === 0) return ['timings: not known'];
  const texts = all.map(({ ms }) => `${ms.toFixed(1)} ms`);
  const width = Math.max(...texts.map((text) => text.length));
  return all.map(({ name, from, ms }, at) => {
    const bar = name === 'total' ? '' : `  ${barText(from, ms, end)}`;
    return `  ${name.padEnd(7)}  ${(texts[at] ?? '').padStart(width)}${bar}`;
  });
}

/** One after another, but for TLS, which is the last part of `connect` (HAR 1.2). */
function phasesOf(timings: Timings): Phase[] {
  const phases: Phase[] = [];
  let at = 0;
  const add = (name: string, ms: number | null): void => {
    if (ms === null) return;
    phases.push({ name, from: at, ms });
    at += ms;
  };
  add('blocked', timings.blocked);
  add('dns', timings.dns);
  add('connect', timings.connect);
  if (timings.ssl !== null) {
    phases.push({ name: 'tls', from: Math.max(0, at - timings.ssl), ms: timings.ssl });
  }
  add('send', timings.send);
  add('wait', timings.wait);
  add('receive', timings.receive);
  return phases;
}

function barText(from: number, ms: number, end: number): string {
  const cell = (at: number): number => (end === 0 ? 0 : Math.round((at / end) * BAR_CELLS));
  const start = Math.min(cell(from), BAR_CELLS - 1);
  const length = Math.max(1, cell(from + ms) - start);
  return ' '.repeat(start) + '█'.repeat(Math.min(length, BAR_CELLS - start));
}
