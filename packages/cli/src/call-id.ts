import type { Exchange, Tape } from '@calltape/store';
import { CliError } from './errors.ts';

/** The number of a call, or the word `last`. Throws CliError ARGUMENT_INVALID. */
export function callWord(text: string): number | 'last' {
  if (text === 'last') return text;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CliError(
    'ARGUMENT_INVALID',
    `${JSON.stringify(text)} is not the number of a call: calltape calls lists them.`,
  );
}

/** The call of a number. Throws CliError CALL_NOT_FOUND. */
export function callOf(tape: Tape, id: number): Exchange {
  const exchange = tape.exchange(id);
  if (exchange !== undefined) return exchange;
  throw new CliError(
    'CALL_NOT_FOUND',
    `There is no call ${id} on ${tape.file}: calltape calls lists them.`,
  );
}
