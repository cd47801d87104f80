import {
  curlCommand,
  decodeBody,
  openTape,
  visible,
  type Exchange,
  type RecordedRequest,
  type RecordedResponse,
  type Tape,
} from '@calltape/store';
import { callOf, callWord } from '../call-id.ts';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { exchangeJson } from '../exchange-json.ts';
import { exchangeText, type Part } from '../exchange-text.ts';
import { EXIT } from '../exit-codes.ts';
import type { FlagReader } from '../flag-reader.ts';
import { messagesText } from '../messages-text.ts';
import { jsonLine, type Output } from '../output.ts';
import type { ShowFlags } from '../tables/show.ts';
import { webSocketJson } from '../web-socket-json.ts';

export const show: Run<ShowFlags> = async ({ flag, arguments: words, tape: file, output }) => {
  const ids = words.map(callWord);
  checkFlags(flag);
  const tape = openTape(file);
  try {
    // All are looked up first: a wrong one must not be the end of half an output.
    const exchanges = ids.map((id) => wantedCall(tape, id));
    const write = writerOf(flag, output, tape);
    for (const [at, exchange] of exchanges.entries()) await output.data(write(exchange, at));
    return EXIT.done;
  } finally {
    tape.close();
  }
};

function checkFlags(flag: FlagReader<ShowFlags>): void {
  const forms = (['body', 'raw', 'curl'] as const).filter((name) => flag(name));
  if (forms.length > 1) {
    throw new CliError('FLAG_VALUE', `--${forms.join(' and --')} do not go together: give one.`);
  }
  if (flag('request') && flag('response')) {
    throw new CliError(
      'FLAG_VALUE',
      '--request and --response do not go together: without them the whole call is shown.',
    );
  }
}

type Write = (exchange: Exchange, at: number) => string | Uint8Array;

function writerOf(flag: FlagReader<ShowFlags>, { json, columns }: Output, tape: Tape): Write {
  const message = flag('request') ? requestOf : responseOf;
  if (flag('raw')) return (exchange) => message(exchange).body.bytes;
  if (flag('body')) return (exchange) => decodedBody(message(exchange), columns !== null);
  if (flag('curl')) return (exchange, at) => (at === 0 ? '' : '\n') + curlCommand(exchange);
  if (json) {
    return (exchange) => jsonLine({ ...exchangeJson(exchange), ...webSocketJson(tape, exchange) });
  }
  const part = partOf(flag);
  return (exchange, at) => {
    const messages = part === 'whole' ? messagesText(tape, exchange) : '';
    return (at === 0 ? '' : '\n') + exchangeText(exchange, part) + messages;
  };
}

function partOf(flag: FlagReader<ShowFlags>): Part {
  if (flag('request')) return 'request';
  return flag('response') ? 'response' : 'whole';
}

/** On a terminal as text that does not act on it; for a file or a program as it is. */
function decodedBody(
  { body, headers }: RecordedRequest | RecordedResponse,
  toTerminal: boolean,
): string | Uint8Array {
  const { bytes } = decodeBody(body, headers);
  return toTerminal ? `${visible(Buffer.from(bytes).toString(), true)}\n` : bytes;
}

function requestOf({ request }: Exchange): RecordedRequest {
  return request;
}

function responseOf({ id, response }: Exchange): RecordedResponse {
  if (response !== null) return response;
  throw new CliError('CALL_NOT_FOUND', `Call ${id} has no response, so there is no body to write.`);
}

function wantedCall(tape: Tape, wanted: number | 'last'): Exchange {
  if (wanted !== 'last') return callOf(tape, wanted);
  const newest = tape.exchange(tape.head().id);
  if (newest !== undefined) return newest;
  throw new CliError('CALL_NOT_FOUND', `There are no calls on ${tape.file}.`);
}
