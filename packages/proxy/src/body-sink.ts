import { Writable } from 'node:stream';
import type { Duplex } from 'node:stream';

/** The response that the client waits for. */
export interface ClientEnd {
  write(piece: Buffer): boolean;
  once(event: 'drain' | 'close', then: () => void): unknown;
  end(): unknown;
}

/**
 * Takes an answer's content and sends it on to the client through stages that change it. A stage that
 * fails is told as the sink's own error.
 */
export class BodySink extends Writable {
  readonly #response: ClientEnd;
  readonly #stagesFor: (first: Buffer) => Duplex[];
  #stages: Duplex[] | null = null;
  /** The stages have given all that they will give. */
  #dry = false;

  /** @param stagesFor - Makes them when the first piece is there. */
  constructor(response: ClientEnd, stagesFor: (first: Buffer) => Duplex[]) {
    super();
    this.#response = response;
    this.#stagesFor = stagesFor;
    response.once('close', () => this.destroy());
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#stages ??= this.#joined(this.#stagesFor(piece));
    const [first] = this.#stages;
    // A decoder is through when its data says so, and what follows is not of the content.
    if (first === undefined || this.#dry || first.write(piece)) done();
    else first.once('drain', done);
  }

  override _final(done: () => void): void {
    const [first] = this.#stages ?? [];
    const last = this.#stages?.at(-1);
    const finish = (): void => {
      this.#response.end();
      done();
    };
    if (first === undefined || this.#dry) finish();
    else {
      last?.once('end', finish);
      first.end();
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const stage of this.#stages ?? []) stage.destroy();
    done(error);
  }

  #joined(stages: Duplex[]): Duplex[] {
    for (const [at, stage] of stages.entries()) {
      stage.on('error', (error) => this.destroy(error));
      const next = stages[at + 1];
      if (next === undefined) this.#send(stage);
      else stage.pipe(next);
    }
    return stages;
  }

  #send(last: Duplex): void {
    const resume = (): void => {
      last.resume();
    };
    last.once('end', () => {
      this.#dry = true;
    });
    last.on('data', (piece: Buffer) => {
      if (this.#response.write(piece)) return;
      last.pause();
      this.#response.once('drain', resume);
    });
  }
}
