import type { CallDraft } from './draft.ts';
import type { OnKept } from './batch.ts';
import type { TapeWriter, WriterStats } from './writer.ts';

const STATS: WriterStats = {
  writtenCalls: 0,
  lostCalls: 0,
  unkeptCalls: 0,
  droppedBodies: 0,
  queuedBytes: 0,
  failure: null,
  problem: null,
  locked: false,
};

function ignore(): void {}

async function done(): Promise<void> {}

function kept(_draft: CallDraft, onKept?: OnKept): void {
  onKept?.(true);
}

/** A writer for calls that are to be passed on and kept nowhere. */
export const NO_TAPE: TapeWriter = {
  file: '',
  recordingId: 0,
  durable: false,
  full: false,
  losing: false,
  stats: STATS,
  begin: ignore,
  finish: kept,
  keep: kept,
  show: ignore,
  message: ignore,
  spill: ignore,
  onceDrained: (resume) => resume(),
  listening: ignore,
  flush: done,
  close: done,
};
