import type { CallDraft, TapeWriter } from '@calltape/store';

/** What takes the answers that a mock gave: a tape's writer, or a way to one. */
export type ServedSink = Pick<TapeWriter, 'begin' | 'finish' | 'full' | 'onceDrained'>;

/** So many calls may be on their way before whoever sends them has to wait. */
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
  readonly #send: (calls: readonly CallDraft[]) => void;
  readonly #waiting: (() => void)[] = [];
  #calls: CallDraft[] = [];
  #onTheWay = 0;

  constructor(send: (calls: readonly CallDraft[]) => void) {
    this.#send = send;
  }

  get full(): boolean {
    return this.#onTheWay >= MOST_ON_THE_WAY;
  }

  begin(): void {
    // It is told of with its end.
  }

  finish(draft: CallDraft): void {
    if (this.#calls.length === 0) setImmediate(() => this.flush());
    this.#calls.push(withOwnBytes(draft));
    this.#onTheWay += 1;
  }

  onceDrained(resume: () => void): void {
    if (this.full) this.#waiting.push(resume);
    else resume();
  }

  flush(): void {
    if (this.#calls.length === 0) return;
    this.#send(this.#calls);
    this.#calls = [];
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
}

/** Hands calls to a tape's writer, and calls back once it has room for more. */
export function takeServed(
  writer: ServedSink,
  calls: readonly CallDraft[],
  taken: (count: number) => void,
): void {
  for (const draft of calls) {
    writer.begin(draft);
    writer.finish(draft);
  }
  writer.onceDrained(() => taken(calls.length));
}
