import type { CallDraft, DraftMessage, TapeWriter } from '@calltape/store';

/** What takes the answers that a mock gave: a tape's writer, or a way to one. */
export type ServedSink = Pick<
  TapeWriter,
  'begin' | 'finish' | 'full' | 'onceDrained' | 'show' | 'message'
>;

/** What goes onto the tape, on its way to the thread that has it. A number names a WebSocket. */
export type ServedPart =
  | { readonly kind: 'call'; readonly draft: CallDraft }
  | { readonly kind: 'opened' | 'ended'; readonly socket: number; readonly draft: CallDraft }
  | { readonly kind: 'message'; readonly socket: number; readonly message: DraftMessage };

/** So many parts may be on their way before whoever sends them has to wait. */
const MOST_ON_THE_WAY = 1_000;

/** Pieces may be views of larger memory, all of which would go along. */
function owned(pieces: readonly Uint8Array[]): Uint8Array[] {
  return pieces.map((piece) => new Uint8Array(piece));
}

function withOwnBytes(draft: CallDraft): CallDraft {
  const { body, response } = draft;
  return {
    ...draft,
    body: { ...body, pieces: owned(body.pieces) },
    response:
      response === null
        ? null
        : { ...response, body: { ...response.body, pieces: owned(response.body.pieces) } },
  };
}

/** Sends the answers of a worker, those of one turn together, to the thread that has the tape. */
export class ServedRelay implements ServedSink {
  readonly #send: (parts: readonly ServedPart[]) => void;
  readonly #waiting: (() => void)[] = [];
  /** The WebSockets that are open, by their calls. */
  readonly #sockets = new Map<CallDraft, number>();
  #lastSocket = 0;
  #parts: ServedPart[] = [];
  #onTheWay = 0;

  constructor(send: (parts: readonly ServedPart[]) => void) {
    this.#send = send;
  }

  get full(): boolean {
    return this.#onTheWay >= MOST_ON_THE_WAY;
  }

  begin(): void {
    // It is told of with its end.
  }

  show(draft: CallDraft): void {
    this.#lastSocket += 1;
    this.#sockets.set(draft, this.#lastSocket);
    this.#add({ kind: 'opened', socket: this.#lastSocket, draft: withOwnBytes(draft) });
  }

  message(draft: CallDraft, message: DraftMessage): void {
    const socket = this.#sockets.get(draft) ?? 0;
    const pieces = owned(message.pieces);
    this.#add({ kind: 'message', socket, message: { ...message, pieces } });
  }

  finish(draft: CallDraft): void {
    const socket = this.#sockets.get(draft);
    const copy = withOwnBytes(draft);
    this.#sockets.delete(draft);
    if (socket === undefined) this.#add({ kind: 'call', draft: copy });
    else this.#add({ kind: 'ended', socket, draft: copy });
  }

  onceDrained(resume: () => void): void {
    if (this.full) this.#waiting.push(resume);
    else resume();
  }

  flush(): void {
    if (this.#parts.length === 0) return;
    this.#send(this.#parts);
    this.#parts = [];
  }

  /** So many have been taken. */
  taken(count: number): void {
    this.#onTheWay -= count;
    while (!this.full) {
      const resume = this.#waiting.shift();
      if (resume === undefined) return;
      resume();
    }
  }

  #add(part: ServedPart): void {
    if (this.#parts.length === 0) setImmediate(() => this.flush());
    this.#parts.push(part);
    this.#onTheWay += 1;
  }
}

/** Hands what one worker sends to a tape's writer. */
export class ServedTaking {
  readonly #writer: ServedSink;
  readonly #sockets = new Map<number, CallDraft>();

  constructor(writer: ServedSink) {
    this.#writer = writer;
  }

  /** @param taken - Called once the writer has room for more. */
  take(parts: readonly ServedPart[], taken: (count: number) => void): void {
    for (const part of parts) this.#put(part);
    this.#writer.onceDrained(() => taken(parts.length));
  }

  #put(part: ServedPart): void {
    const writer = this.#writer;
    switch (part.kind) {
      case 'call':
        writer.begin(part.draft);
        writer.finish(part.draft);
        break;
      case 'opened':
        this.#sockets.set(part.socket, part.draft);
        writer.begin(part.draft);
        writer.show(part.draft);
        break;
      case 'message':
      case 'ended':
        this.#ofSocket(part);
        break;
    }
  }

  /** The writer knows a WebSocket by the draft that it was given first. */
  #ofSocket(part: Extract<ServedPart, { kind: 'message' | 'opened' | 'ended' }>): void {
    const draft = this.#sockets.get(part.socket);
    if (draft === undefined) return;
    if (part.kind === 'message') {
      this.#writer.message(draft, part.message);
      return;
    }
    this.#sockets.delete(part.socket);
    this.#writer.finish(Object.assign(draft, part.draft));
  }
}
