import { isUtf8 } from 'node:buffer';
import {
  createRedactor,
  type Exchange,
  loadSecretKey,
  type Message,
  redactExchange,
  type Redactor,
  type RecordedRequest,
  type RecordedResponse,
  type Tape,
} from '@calltape/store';
import { counted } from './units.ts';

/** Takes the secrets out of what was recorded with them, and counts. */
export interface ExportRedaction {
  readonly exchanges: (given: Iterable<Exchange>) => Iterable<Exchange>;
  /** The messages of the call that was given on last. */
  readonly messagesOf: (exchangeId: number) => Iterable<Message>;
  /** What there is to say when all have passed; null for nothing. */
  readonly summary: () => string | null;
}

/** For calls that leave the tape: those of recordings made with --no-redact are redacted now. */
export function exportRedaction(tape: Tape): ExportRedaction {
  const all = tape.recordings();
  // Names are no keys: of two recordings of one name, one may have its secrets.
  const plain = new Set(all.filter(({ redaction }) => redaction === null).map(({ name }) => name));
  let [calls, values] = [0, 0];
  const redactor = plain.size === 0 ? null : createRedactor(loadSecretKey());
  let isPlain = false;
  const count = (before: Exchange, after: Exchange): void => {
    const changed = changes(before, after);
    values += changed;
    if (changed > 0) calls += 1;
  };
  return {
    *exchanges(given) {
      for (const exchange of given) {
        isPlain = plain.has(exchange.recording);
        const out = isPlain && redactor !== null ? redactExchange(exchange, redactor) : exchange;
        if (out !== exchange) count(exchange, out);
        yield out;
      }
    },
    messagesOf: (id) => {
      const messages = tape.messages(id);
      if (!isPlain || redactor === null) return messages;
      return messages.map((message) => {
        const redacted = redactMessage(message, redactor);
        if (redacted !== message) values += 1;
        return redacted;
      });
    },
    summary: () =>
      values === 0
        ? null
        : `Replaced ${counted(values, 'secret')} in ${counted(calls, 'call')} by placeholders ` +
          '(--no-redact keeps them).',
  };
}

/** Text is searched for secrets, binary content stays; what cannot be searched has none afterwards. */
function redactMessage(message: Message, redactor: Redactor): Message {
  if (message.deflated) return { ...message, bytes: Buffer.alloc(0) };
  if (!isUtf8(message.bytes)) return message;
  const text = Buffer.from(message.bytes).toString();
  const redacted = redactor.text(text);
  return redacted === text ? message : { ...message, bytes: Buffer.from(redacted) };
}

/** How many places differ: the URL, header lines, bodies. */
function changes(before: Exchange, after: Exchange): number {
  const url = before.request.url === after.request.url ? 0 : 1;
  const request = messageChanges(before.request, after.request);
  if (before.response === null || after.response === null) return url + request;
  return url + request + messageChanges(before.response, after.response);
}

type HttpMessage = Pick<RecordedRequest | RecordedResponse, 'headers' | 'trailers' | 'body'>;

function messageChanges(before: HttpMessage, after: HttpMessage): number {
  const lines = [...after.headers, ...after.trailers];
  const changed = [...before.headers, ...before.trailers].filter(
    ([, value], at) => lines[at]?.[1] !== value,
  );
  return changed.length + (before.body.bytes === after.body.bytes ? 0 : 1);
}
