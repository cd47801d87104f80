import type { Exchange, Tape } from '@calltape/store';
import { callOf, callWord } from '../call-id.ts';
import { CliError } from '../errors.ts';
import type { Output } from '../output.ts';
import { deliveriesOn } from './list.ts';

/** The calls that the words name, all looked up before one is sent; `last` is the newest delivery. */
export async function callsToSend(
  tape: Tape,
  words: readonly string[],
  output: Output,
): Promise<Exchange[]> {
  if (words.length === 0) {
    throw new CliError(
      'ARGUMENT_MISSING',
      'calltape webhooks send needs an ID, as in: calltape webhooks send last --to http://127.0.0.1:3000',
    );
  }
  const wanted = words.map(callWord);
  const newest = wanted.includes('last') ? await newestDelivery(tape, output) : 0;
  return wanted.map((id) => callOf(tape, id === 'last' ? newest : id));
}

async function newestDelivery(tape: Tape, output: Output): Promise<number> {
  const newest = (await deliveriesOn(tape, {}, false, output)).at(-1);
  if (newest !== undefined) return newest.id;
  throw new CliError('CALL_NOT_FOUND', `There are no webhooks of known providers on ${tape.file}.`);
}
