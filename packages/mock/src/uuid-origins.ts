import { decodeBody } from '@calltape/store';
import type { Body, HeaderLine } from '@calltape/store';
import type { Recording } from './recording.ts';

type Origin = 'client' | 'created' | 'server';

const UUIDS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const CREATING = new Set(['POST', 'PUT', 'PATCH']);
const MAX_BYTES = 1024 * 1024;

function uuidsIn(text: string): readonly string[] {
  return text.match(UUIDS) ?? [];
}

function textOf(body: Body, headers: readonly HeaderLine[]): string {
  if (body.bytes.length === 0) return '';
  const { bytes } = decodeBody(body, headers, { maxBytes: MAX_BYTES });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/**
 * Who said each uuid of a tape first. What an answer said first is the name of a thing there, and a
 * request with another one means another thing; what a client made up is new each time.
 */
export class UuidOrigins {
  readonly #recordings: readonly Recording[];
  #origins: Map<string, Origin> | null = null;

  constructor(recordings: readonly Recording[]) {
    this.#recordings = recordings;
  }

  /** Whether a client said it before any answer did. */
  isOfTheClient(uuid: string): boolean {
    return this.#of(uuid) !== 'server';
  }

  /** Whether a client gave it to something it made: as the URL of a PUT, or in what it sent. */
  isGivenByTheClient(uuid: string): boolean {
    return this.#of(uuid) === 'created';
  }

  #of(uuid: string): Origin {
    this.#origins ??= this.#read();
    return this.#origins.get(uuid.toLowerCase()) ?? 'client';
  }

  #read(): Map<string, Origin> {
    const origins = new Map<string, Origin>();
    const note = (text: string, origin: Origin): void => {
      for (const uuid of uuidsIn(text)) {
        const key = uuid.toLowerCase();
        if (!origins.has(key)) origins.set(key, origin);
      }
    };
    for (const { exchange, target } of this.#recordings) {
      const { request, response } = exchange;
      if (CREATING.has(request.method)) note(textOf(request.body, request.headers), 'created');
      note(target, request.method === 'PUT' ? 'created' : 'client');
      if (response === null) continue;
      for (const [, value] of response.headers) note(value, 'server');
      note(textOf(response.body, response.headers), 'server');
    }
    return origins;
  }
}
