import { newDraft } from '@calltape/store';
import type { CallDraft, FlatHeaders, Message } from '@calltape/store';
import type { Call } from '../call.ts';
import type { Answer } from '../answer.ts';
import { urlOf } from '../served-call.ts';
import type { ServedSink } from '../served-sink.ts';
import type { Listener } from './conversation.ts';

const NO_BODY = { pieces: [], size: 0, hash: null };

/** Writes a replayed WebSocket onto the served tape. */
export class ServedSocket implements Listener {
  readonly #writer: ServedSink;
  readonly #draft: CallDraft;
  readonly #mark = performance.now();

  constructor(writer: ServedSink, call: Call, answer: Answer, headers: FlatHeaders) {
    this.#writer = writer;
    const draft = newDraft(call.method, urlOf(call, answer));
    draft.headers = call.headers;
    draft.fault = answer.faults.map(({ text }) => text).join('; ') || null;
    draft.ttfbMs = 0;
    draft.response = {
      status: 101,
      statusText: 'Switching Protocols',
      httpVersion: '1.1',
      headers,
      body: NO_BODY,
      trailers: [],
      interim: [],
      chunks: [],
    };
    this.#draft = draft;
    writer.begin(draft);
    writer.show(draft);
  }

  onMessage(
    direction: Message['direction'],
    kind: Message['kind'],
    bytes: Uint8Array,
    differs: boolean,
  ): void {
    this.#writer.message(this.#draft, {
      direction,
      kind,
      atMs: performance.now() - this.#mark,
      size: bytes.length,
      wireSize: bytes.length,
      pieces: [bytes],
      deflated: false,
      inflate: false,
      dropped: 0,
      limit: bytes.length,
      budget: Number.MAX_SAFE_INTEGER,
      problem: differs ? 'not what was recorded' : null,
    });
  }

  onEnd(closed: boolean): void {
    this.#draft.outcome = closed ? 'complete' : 'aborted';
    this.#draft.durationMs = performance.now() - this.#mark;
    this.#writer.finish(this.#draft);
  }
}
