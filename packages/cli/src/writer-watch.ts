import { statSync } from 'node:fs';
import type { TapeWriter, WriterStats } from '@calltape/store';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import { bodiesText, counted, sizeText } from './units.ts';

const LOOK_EVERY_MS = 500;
/** A log of this size does not come from writing alone: a reader keeps it from being emptied. */
const LARGE_LOG_BYTES = 512 * 1024 * 1024;

/** What is wrong with a tape, each as long as it is. */
interface Trouble {
  readonly failing: boolean;
  readonly overflowing: boolean;
  readonly locked: boolean;
  readonly logBytes: number;
}

/** Tells the user when the tape takes no more, and when it does again. Keeps no process alive. */
export function watchWriter(writer: TapeWriter, output: Output): void {
  let before = { failing: false, overflowing: false, locked: false, logBytes: 0 };
  setInterval(() => {
    const { stats } = writer;
    const now = {
      failing: stats.failure !== null,
      overflowing: before.overflowing || (stats.failure === null && isShort(stats)),
      locked: stats.locked,
      logBytes: Math.max(before.logBytes, logBytes(writer.file)),
    };
    for (const line of newsOf(before, now, stats, writer.file)) output.warn(line);
    before = now;
  }, LOOK_EVERY_MS).unref();
}

function isShort({ lostCalls, droppedBodies }: WriterStats): boolean {
  return lostCalls > 0 || droppedBodies > 0;
}

function newsOf(before: Trouble, now: Trouble, stats: WriterStats, file: string): string[] {
  const lines = shortageNews(before, now, stats, file);
  if (now.locked && !before.locked) {
    lines.push(`Warning: another program has locked "${file}"; what is recorded waits for it.`);
  }
  if (now.logBytes >= LARGE_LOG_BYTES && before.logBytes < LARGE_LOG_BYTES) {
    lines.push(
      `Warning: another program has been reading "${file}" for so long that its log could not be ` +
        `emptied and holds ${sizeText(now.logBytes)}; it shrinks when that program lets go.`,
    );
  }
  return lines;
}

function shortageNews(before: Trouble, now: Trouble, stats: WriterStats, file: string): string[] {
  if (now.failing && !before.failing) {
    return [
      `Warning: calls go on but are NOT KEPT: "${file}" cannot be written (${stats.failure}). ` +
        'Free some room or check the disk; what is lost is counted.',
    ];
  }
  if (now.failing) return [];
  if (before.failing) return [`"${file}" can be written again; so far ${shortage(stats)}.`];
  if (before.overflowing || !now.overflowing) return [];
  return [`Warning: ${shortage(stats)} (${stats.problem ?? 'the disk did not keep up'}).`];
}

function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** `3 calls and 1 body could not be kept` */
function shortage({ lostCalls, droppedBodies }: WriterStats): string {
  const parts = [
    ...(lostCalls > 0 ? [counted(lostCalls, 'call')] : []),
    ...(droppedBodies > 0 ? [bodiesText(droppedBodies)] : []),
  ];
  return `${parts.length === 0 ? 'no call' : parts.join(' and ')} could not be kept`;
}

/** Lost calls are not a success, and are told of with --quiet too. */
export function reportLosses(writer: TapeWriter, output: Output): ExitCode {
  const { stats } = writer;
  if (!isShort(stats)) return EXIT.done;
  output.warn(
    `Warning: ${shortage(stats)} on "${writer.file}" ` +
      `(${stats.problem ?? 'the disk failed for a while'}).`,
  );
  return EXIT.environment;
}

/** What a strict recorder ends with; why was told when it began to refuse calls. */
export function strictExit(writer: TapeWriter): ExitCode {
  return writer.losing ? EXIT.environment : EXIT.done;
}

/** For a server that did not start: what it would have written to is put away first. */
export function closeAndRethrow(
  writer: Pick<TapeWriter, 'close'> | null,
): (error: unknown) => Promise<never> {
  return async (error) => {
    await writer?.close();
    throw error;
  };
}
