import { openTape, type Exchange, type Tape } from '@calltape/store';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { exchangeJson } from '../exchange-json.ts';
import { exchangeText } from '../exchange-text.ts';
import { EXIT } from '../exit-codes.ts';
import { messagesText } from '../messages-text.ts';
import { jsonLine } from '../output.ts';
import type { ShowFlags } from '../tables/show.ts';
import { webSocketJson } from '../web-socket-json.ts';

export const show: Run<ShowFlags> = async ({ flag, arguments: words, tape: file, output }) => {
  const id = callId(words[0] ?? '');
  const tape = openTape(file);
  try {
    const exchange = callOf(tape, id);
    if (flag('raw')) await output.data(rawBody(exchange));
    else if (output.json) await output.data(jsonLine(jsonOf(tape, exchange)));
    else await output.data(exchangeText(exchange) + messagesText(tape, exchange));
    return EXIT.done;
  } finally {
    tape.close();
  }
};

function jsonOf(tape: Tape, exchange: Exchange): Readonly<Record<string, unknown>> {
  return { ...exchangeJson(exchange), ...webSocketJson(tape, exchange) };
}

function callId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CliError(
    'ARGUMENT_INVALID',
    `${JSON.stringify(text)} is not the number of a call: calltape calls lists them.`,
  );
}

function callOf(tape: Tape, id: number): Exchange {
  const exchange = tape.exchange(id);
  if (exchange !== undefined) return exchange;
  throw new CliError(
    'CALL_NOT_FOUND',
    `There is no call ${id} on ${tape.file}: calltape calls lists them.`,
  );
}

function rawBody({ id, response }: Exchange): Uint8Array {
  if (response !== null) return response.body.bytes;
  throw new CliError('CALL_NOT_FOUND', `Call ${id} has no response, so there is no body to write.`);
}
