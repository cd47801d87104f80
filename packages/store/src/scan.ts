import type { CallDraft, FlatHeaders } from './draft.ts';
import { decodeBody } from './decode.ts';
import type { Exchange, RecordedRequest, RecordedResponse } from './exchange.ts';
import { toFlat, toLines } from './headers.ts';
import { rewriteJson } from './json-text.ts';
import { isCard } from './redact-cards.ts';
import { kindOfKey } from './redact-keys.ts';
import { NO_RULES } from './redact-rules.ts';
import { redactorWith } from './redact.ts';
import type { Redactor } from './redact.ts';

/** A secret where it should not be. The secret itself is not in here. */
export interface SecretFinding {
  /** What it looks like, such as `Slack token`; `secret by its name` for one without a shape. */
  readonly kind: string;
  /** The number of the call on its tape, or of the entry in its HAR from 0; null outside of calls. */
  readonly call: number | null;
  /** Where it is: `request header authorization`, `response body /data/0/token`, `byte 1234`. */
  readonly place: string;
  /** Its first characters, the others as `*`. */
  readonly hint: string;
}

/** What may be said of a secret: as much as tells which it is. */
export function hintOf(secret: string): string {
  const shown = secret.slice(0, secret.length < 12 ? 0 : 4);
  return shown + '*'.repeat(Math.min(secret.length, 40) - shown.length);
}

function kindOf(secret: string): string {
  return kindOfKey(secret) ?? (isCard(secret) ? 'card number' : 'secret by its name');
}

interface ScannedMessage {
  readonly headers: FlatHeaders;
  readonly trailers: FlatHeaders;
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** A call from wherever it is kept. */
export interface ScannedCall {
  readonly number: number;
  readonly url: string;
  readonly texts: readonly (readonly [place: string, text: string])[];
  readonly request: ScannedMessage;
  readonly response: ScannedMessage | null;
}

function scannedMessage({
  headers,
  trailers,
  body,
}: RecordedRequest | RecordedResponse): ScannedMessage {
  return {
    headers: toFlat(headers),
    trailers: toFlat(trailers),
    bytes: body.bytes,
    size: body.size,
  };
}

/** A call of a tape, to be searched. */
export function scannedExchange({ id, request, response, error, endpoint }: Exchange): ScannedCall {
  return {
    number: id,
    url: request.url,
    texts: [
      ['endpoint', endpoint.origin + endpoint.template],
      ['status text', response?.statusText ?? ''],
      ['error message', error?.message ?? ''],
      ...(response?.interim ?? []).flatMap(({ headers }) =>
        headers.map(([name, value]) => [`interim header ${name}`, value] as const),
      ),
    ],
    request: scannedMessage(request),
    response: response === null ? null : scannedMessage(response),
  };
}

/** An entry of a HAR, to be searched. */
export function scannedDraft(draft: CallDraft, number: number): ScannedCall {
  const { response } = draft;
  return {
    number,
    url: draft.url,
    texts: [['error message', draft.errorMessage ?? '']],
    request: { ...draft, bytes: Buffer.concat(draft.body.pieces), size: draft.body.size },
    response:
      response === null
        ? null
        : { ...response, bytes: Buffer.concat(response.body.pieces), size: response.body.size },
  };
}

/** Searches calls and files for what a recorder would have replaced. */
export class SecretScanner {
  readonly #isKnown: (value: string) => boolean;
  readonly #redactor: Redactor;
  /** Every secret and placeholder met so far. */
  readonly met: Set<string> = new Set();
  #found: string[] = [];

  /** @param isKnown - Whether a value is a placeholder and no secret. */
  constructor(isKnown: (value: string) => boolean) {
    this.#isKnown = isKnown;
    this.#redactor = redactorWith((secret) => this.#meet(secret), {
      rules: NO_RULES,
      seal: (hash) => hash,
    });
  }

  *call({ number, url, texts, request, response }: ScannedCall): Generator<SecretFinding> {
    yield* this.#in(number, 'URL', () => this.#redactor.url(url));
    for (const [place, text] of texts) yield* this.text(text, number, place);
    yield* this.#message(number, 'request', request);
    if (response !== null) yield* this.#message(number, 'response', response);
  }

  *text(text: string, call: number | null, place: string): Generator<SecretFinding> {
    yield* this.#in(call, place, () => this.#redactor.text(text));
  }

  /** A message of a WebSocket. */
  *message(call: number, number: number, bytes: Uint8Array): Generator<SecretFinding> {
    const side = `message ${number} `;
    yield* this.#body(call, side, { bytes, size: bytes.length, headers: [], trailers: [] });
  }

  /** A file that is neither a tape nor a HAR. */
  *bytes(bytes: Uint8Array): Generator<SecretFinding> {
    yield* this.#body(null, '', { bytes, size: bytes.length, headers: [], trailers: [] });
  }

  *#message(call: number, side: string, message: ScannedMessage): Generator<SecretFinding> {
    for (const [name, value] of toLines(message.headers)) {
      const place = `${side} header ${name.toLowerCase()}`;
      yield* this.#in(call, place, () => this.#redactor.headers([name, value]));
    }
    for (const [name, value] of toLines(message.trailers)) {
      const place = `${side} trailer ${name.toLowerCase()}`;
      yield* this.#in(call, place, () => this.#redactor.headers([name, value]));
    }
    yield* this.#body(call, `${side} body `, message);
  }

  *#body(call: number | null, side: string, message: ScannedMessage): Generator<SecretFinding> {
    const lines = toLines(message.headers);
    const type = lines.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    const plain = decodeBody(message, lines).bytes;
    const secrets = this.#search(() => this.#redactor.body(plain, type, '', false));
    if (secrets.length === 0) return;
    const text = Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString('latin1');
    for (const secret of secrets) {
      const place = side + placeIn(text, secret);
      yield { kind: kindOf(secret), call, place, hint: hintOf(secret) };
    }
  }

  *#in(call: number | null, place: string, look: () => unknown): Generator<SecretFinding> {
    for (const secret of this.#search(look)) {
      yield { kind: kindOf(secret), call, place, hint: hintOf(secret) };
    }
  }

  #search(look: () => unknown): string[] {
    this.#found = [];
    look();
    return this.#found;
  }

  /** Gives the value back, so that nothing is changed and the search goes on behind it. */
  #meet(secret: string): string {
    if (!/[A-Za-z0-9]/.test(secret)) return secret;
    this.met.add(secret);
    if (!this.#isKnown(secret)) this.#found.push(secret);
    return secret;
  }
}

/** The JSON Pointer (RFC 6901) of the value that holds a secret, or else the secret's place. */
function placeIn(text: string, secret: string): string {
  let pointer: string | null = null;
  rewriteJson(text, (raw, _, { path }) => {
    if (pointer === null && raw.includes(secret)) pointer = pointerOf(path);
    return raw;
  });
  if (pointer !== null) return pointer;
  const at = text.indexOf(secret);
  return at === -1 ? 'encoded' : `byte ${at}`;
}

function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
