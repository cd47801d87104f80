import type { Body, ChunkArrival, Exchange, InterimResponse, Timings } from '@calltape/store';
import { PackedMemory } from './packed-memory.ts';
import { KeptLines } from './packed-lines.ts';
import type { PackedLines } from './packed-lines.ts';

type OfAll = 'recording' | 'source' | 'endpoint' | 'outcome' | 'error' | 'peerAddress' | 'fault';
type OfSome = 'retries' | 'websocket' | 'dropped';

/** What many exchanges of a tape have the same, kept once for them. */
interface Common extends Pick<Exchange, OfAll | OfSome> {
  readonly sendsContent: boolean;
  readonly request: Pick<Exchange['request'], 'method' | 'httpVersion' | 'trailers'>;
  readonly response: Pick<
    NonNullable<Exchange['response']>,
    'status' | 'statusText' | 'httpVersion' | 'trailers'
  > | null;
}

/** A body apart from its bytes. */
type PackedBody = Omit<Body, 'bytes'>;

/** What an exchange has for itself, as JSON in front of its bodies. */
type Own = readonly [
  id: number,
  startedAt: number,
  durationMs: number | null,
  ttfbMs: number | null,
  url: string,
  timings: Timings | 0,
  request: readonly [PackedLines, PackedBody | number],
  response: readonly [PackedLines, PackedBody | number] | 0,
  streamed: readonly [readonly ChunkArrival[], readonly InterimResponse[]] | 0,
];

const NO_BYTES = new Uint8Array(0);
const NONE: readonly never[] = [];
const MOST_COMMON = 1024;
const NO_TIMINGS: Timings = {
  blocked: null,
  dns: null,
  connect: null,
  ssl: null,
  send: null,
  wait: null,
  receive: null,
};

function commonOf(exchange: Exchange): Common {
  const { request, response } = exchange;
  const { recording, source, endpoint, outcome, error, peerAddress, fault, retries } = exchange;
  const { websocket, dropped } = exchange;
  return {
    recording,
    source,
    endpoint,
    outcome,
    error,
    peerAddress,
    fault,
    retries,
    ...(websocket === undefined ? {} : { websocket }),
    ...(dropped === undefined ? {} : { dropped }),
    sendsContent: request.body.size > 0,
    request: {
      method: request.method,
      httpVersion: request.httpVersion,
      trailers: request.trailers,
    },
    response:
      response === null
        ? null
        : {
            status: response.status,
            statusText: response.statusText,
            httpVersion: response.httpVersion,
            trailers: response.trailers,
          },
  };
}

function packedTimings(timings: Timings): Timings | 0 {
  return Object.values(timings).every((value) => value === null) ? 0 : timings;
}

/** Of most bodies the size says all. */
function packedBody({ bytes: _bytes, ...rest }: Body): PackedBody | number {
  return rest.wireSize === undefined && rest.omitted === undefined ? rest.size : rest;
}

function bodyOf(packed: PackedBody | number, bytes: Uint8Array): Body {
  return typeof packed === 'number' ? { bytes, size: packed } : { bytes, ...packed };
}

/** Where an exchange is in memory, each part up to where the next begins. */
interface Parts {
  readonly memory: Buffer;
  readonly own: number;
  readonly request: number;
  readonly response: number;
  readonly end: number;
}

/** An exchange, packed: what it shares with others, and one piece of memory for the rest. */
export class KeptExchange {
  readonly #common: Common;
  readonly #lines: KeptLines;
  readonly #memory: Buffer;
  readonly #own: number;
  readonly #request: number;
  readonly #response: number;
  readonly #end: number;

  constructor(common: Common, lines: KeptLines, { memory, own, request, response, end }: Parts) {
    this.#common = common;
    this.#lines = lines;
    this.#memory = memory;
    this.#own = own;
    this.#request = request;
    this.#response = response;
    this.#end = end;
  }

  get method(): string {
    return this.#common.request.method;
  }

  get endpoint(): Exchange['endpoint'] {
    return this.#common.endpoint;
  }

  /** Null for an exchange without an answer. */
  get status(): number | null {
    return this.#common.response?.status ?? null;
  }

  /** Whether the request had content, which the tape need not have. */
  get sendsContent(): boolean {
    return this.#common.sendsContent;
  }

  /** Bytes of the request's content. */
  get requestContent(): Uint8Array {
    return this.#between(this.#request, this.#response);
  }

  /** The exchange as it was, made anew each time; its bodies are in the memory that they are kept in. */
  read(): Exchange {
    const text = this.#memory.toString('utf8', this.#own, this.#request);
    const packed: Own = JSON.parse(text);
    const [id, startedAt, durationMs, ttfbMs, url, timings, request, response, streamed] = packed;
    const { request: sameOfRequest, response: sameOfResponse, ...others } = this.#common;
    const { sendsContent: _sendsContent, ...same } = others;
    const [chunks, interim] = streamed === 0 ? [NONE, NONE] : streamed;
    return {
      ...same,
      id,
      startedAt,
      durationMs,
      ttfbMs,
      timings: timings === 0 ? NO_TIMINGS : timings,
      request: {
        ...sameOfRequest,
        url,
        headers: this.#lines.unpack(request[0]),
        body: bodyOf(request[1], this.requestContent),
      },
      response:
        response === 0 || sameOfResponse === null
          ? null
          : {
              ...sameOfResponse,
              headers: this.#lines.unpack(response[0]),
              body: bodyOf(response[1], this.#between(this.#response, this.#end)),
              chunks,
              interim,
            },
    };
  }

  #between(from: number, to: number): Uint8Array {
    return from === to ? NO_BYTES : this.#memory.subarray(from, to);
  }
}

/** Keeps the exchanges of a mock in little memory, and independent of the file that they are from. */
export class ExchangeKeeper {
  readonly #memory = new PackedMemory();
  readonly #lines = new KeptLines();
  readonly #common = new Map<string, Common>();

  keep(exchange: Exchange): KeptExchange {
    const own = Buffer.from(JSON.stringify(this.#ownOf(exchange)));
    const bodies = [
      exchange.request.body.bytes,
      exchange.response?.body.bytes ?? NO_BYTES,
    ] as const;
    const { memory, at } = this.#memory.keep([own, ...bodies]);
    const request = at + own.length;
    const response = request + bodies[0].length;
    const end = response + bodies[1].length;
    const parts = { memory, own: at, request, response, end };
    return new KeptExchange(this.#commonTo(exchange), this.#lines, parts);
  }

  #ownOf({ id, startedAt, durationMs, ttfbMs, timings, request, response }: Exchange): Own {
    const streamed =
      response === null || (response.chunks.length === 0 && response.interim.length === 0)
        ? 0
        : ([response.chunks, response.interim] as const);
    return [
      ...([id, startedAt, durationMs, ttfbMs, request.url, packedTimings(timings)] as const),
      [this.#lines.pack(request.headers), packedBody(request.body)],
      response === null ? 0 : [this.#lines.pack(response.headers), packedBody(response.body)],
      streamed,
    ];
  }

  #commonTo(exchange: Exchange): Common {
    const common = commonOf(exchange);
    const key = JSON.stringify(common);
    const known = this.#common.get(key);
    if (known !== undefined) return known;
    if (this.#common.size >= MOST_COMMON) this.#common.clear();
    this.#common.set(key, common);
    return common;
  }
}
