import { setTimeout as delay } from 'node:timers/promises';
import type { TapeWriter } from '@calltape/store';
import type { Output } from './output.ts';

const LOOK_EVERY_MS = 50;
/** So long calls are refused with a reason before nothing answers any more, ms. */
const REFUSE_MS = 1000;

/** Waits until a call could not be kept and says so; resolves when the recorder is to end for it. */
export async function strictEnd(writer: TapeWriter, output: Output): Promise<void> {
  while (!writer.losing) await delay(LOOK_EVERY_MS, undefined, { ref: false });
  output.warn(
    `calltape: a call could not be kept on "${writer.file}" (${writer.stats.problem ?? 'unknown'}), ` +
      'so with --strict the recorder refuses calls and ends; make room and start it again.',
  );
  await delay(REFUSE_MS);
}
