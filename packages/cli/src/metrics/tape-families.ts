import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Family, Labels } from '@calltape/mock';
import type { TapeWriter } from '@calltape/store';

function sizeOf(file: string): number {
  return [file, `${file}-wal`]
    .map((part) => statSync(part, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}

/** The tapes that are written, by what goes onto them. */
export type WrittenTapes = Readonly<Partial<Record<'recorded' | 'served', TapeWriter | null>>>;

/** How the tapes fare that are written. */
export function tapeFamilies(tapes: WrittenTapes): Family[] {
  const written = (['recorded', 'served'] as const).flatMap((role) => {
    const writer = tapes[role] ?? null;
    return writer === null ? [] : [{ role, writer }];
  });
  const family = (
    kind: 'counter' | 'gauge',
    name: string,
    help: string,
    value: (writer: TapeWriter) => number,
  ): Family => ({
    kind,
    name: `calltape_tape_${name}`,
    help,
    samples: written.map(({ role, writer }) => {
      const labels: Labels = [
        ['role', role],
        ['tape', basename(writer.file)],
      ];
      return { labels, value: value(writer) };
    }),
  });
  if (written.length === 0) return [];
  return [
    family('counter', 'written_calls', 'Calls that are on the tape.', ({ stats }) => {
      return stats.writtenCalls;
    }),
    family('counter', 'lost_calls', 'Calls that could not be kept.', ({ stats }) => {
      return stats.lostCalls;
    }),
    family('counter', 'unkept_calls', 'Calls that --only and --skip left out.', ({ stats }) => {
      return stats.unkeptCalls;
    }),
    // A body given up counts before its call is on the tape, and no more if that is lost as well.
    family('gauge', 'dropped_bodies', 'Bodies given up of calls that were kept.', ({ stats }) => {
      return stats.droppedBodies;
    }),
    family('gauge', 'queue_bytes', 'Bytes that wait for the disk.', ({ stats }) => {
      return stats.queuedBytes;
    }),
    family('gauge', 'failing', '1 while the tape cannot be written.', ({ stats }) => {
      return stats.failure === null ? 0 : 1;
    }),
    family('gauge', 'size_bytes', 'Bytes of the file and its log.', ({ file }) => sizeOf(file)),
  ];
}
