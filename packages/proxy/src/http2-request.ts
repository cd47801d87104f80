import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { ClientChannel, IncomingRequest } from './client-side.ts';

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** A path and query as HTTP/1.1 can carry them (RFC 9112 section 3.2): no blanks, no controls. */
const TARGET = /^(?:\/[\x21-\x7e\x80-\xff]*|\*)$/;

type Heard = (() => void) | ((piece: Buffer) => void) | ((error: Error) => void);

interface Fields {
  /** As HTTP/1.1 would have them: the authority as `host`, one line of cookies. */
  readonly lines: string[];
  method: string;
  target: string;
  authority: string;
}

/**
 * Takes field lines apart (RFC 9113 section 8.3). A client may divide its cookies over many lines to
 * compress them better; every other protocol wants one (section 8.2.3).
 */
function fieldsOf(raw: readonly string[]): Fields {
  const fields: Fields = { lines: [], method: '', target: '', authority: '' };
  const { lines } = fields;
  let cookieAt = -1;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (name.startsWith(':')) notePseudo(fields, name, value);
    else if (name === 'cookie' && cookieAt !== -1) lines[cookieAt] += `; ${value}`;
    else {
      if (name === 'cookie') cookieAt = lines.length + 1;
      lines.push(name, value);
    }
  }
  return fields;
}

function notePseudo(fields: Fields, name: string, value: string): void {
  if (name === ':method') fields.method = value;
  else if (name === ':path') fields.target = value;
  else if (name === ':authority') fields.authority = value;
}

/** The authority is what the `Host` of HTTP/1.1 says (RFC 9113 section 8.3.1). */
function withHost({ lines, authority }: Fields): string[] {
  if (authority === '') return lines;
  const at = lines.indexOf('host');
  const isSaid = at % 2 === 0 && lines[at + 1] === authority;
  return isSaid ? lines : ['host', authority, ...lines];
}

/** A request that came on a stream of HTTP/2, in the shape of one in HTTP/1.1. */
export class Http2Request implements IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion = '2';
  readonly headers: { readonly host?: string };
  readonly rawHeaders: readonly string[];
  rawTrailers: readonly string[] = [];
  readonly socket: ClientChannel;
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream, raw: readonly string[]) {
    const fields = fieldsOf(raw);
    this.method = fields.method;
    this.url = fields.target;
    this.headers = { host: fields.authority };
    this.rawHeaders = withHost(fields);
    this.socket = stream;
    this.#stream = stream;
    if (stream.endAfterHeaders) return;
    stream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, lines: unknown) => {
      if (Array.isArray(lines)) this.rawTrailers = lines.map(String);
    });
  }

  /**
   * Whether it can be said in HTTP/1.1 without meaning something else there. What cannot be in a
   * field line at all has been refused by the session.
   */
  get isSound(): boolean {
    return TOKEN.test(this.method) && TARGET.test(this.url);
  }

  isPaused(): boolean {
    return this.#stream.isPaused();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  on(event: 'data', listener: (piece: Buffer) => void): void;
  on(event: 'end' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: string, listener: Heard): void {
    // Whoever serves the stream hears of its errors, and its close tells of them too.
    if (event === 'error') return;
    this.#stream.on(event, event === 'end' ? this.#unlessReset(listener) : listener);
  }

  /** A stream that is reset ends like one that is whole. */
  #unlessReset(listener: Heard): () => void {
    return () => {
      const { aborted, rstCode } = this.#stream;
      if (!aborted && rstCode === 0) Reflect.apply(listener, null, []);
    };
  }
}
