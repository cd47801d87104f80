import { isUtf8 } from 'node:buffer';
import { FrameReader } from '@calltape/store';
import type { FrameHead, FrameSink } from '@calltape/store';
import { OPCODE } from './frame.ts';

/** Largest message that is taken, bytes. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const LONGEST_CONTROL = 125;
const FIRST_CONTROL = 8;

/** A message or control frame of the client, its fragments joined. */
export interface ClientMessage {
  readonly kind: 'text' | 'binary' | 'close' | 'ping' | 'pong';
  readonly bytes: Buffer;
}

/** Close codes of RFC 6455 section 7.4.1 for what a client does wrong. */
export type Violation = 1002 | 1007 | 1009;

const KINDS: ReadonlyMap<number, ClientMessage['kind']> = new Map([
  [OPCODE.text, 'text'],
  [OPCODE.binary, 'binary'],
  [OPCODE.close, 'close'],
  [OPCODE.ping, 'ping'],
  [OPCODE.pong, 'pong'],
]);

interface Partial {
  readonly kind: ClientMessage['kind'];
  readonly pieces: Buffer[];
  size: number;
}

/** Reads what a client sends, and judges it as a server has to (RFC 6455 section 5). */
export class ClientMessages implements FrameSink {
  readonly #take: (message: ClientMessage) => void;
  readonly #refuse: (violation: Violation) => void;
  readonly #reader = new FrameReader(this);
  #message: Partial | null = null;
  #control: Partial | null = null;
  #fin = false;
  #refused = false;

  constructor(take: (message: ClientMessage) => void, refuse: (violation: Violation) => void) {
    this.#take = take;
    this.#refuse = refuse;
  }

  read(piece: Buffer): void {
    if (!this.#refused) this.#reader.read(piece);
  }

  onFrame(head: FrameHead): number {
    if (this.#refused) return 0;
    const partial = this.#partialOf(head);
    if (partial === undefined || !head.masked || head.reserved !== 0) return this.#violated(1002);
    partial.size += head.length;
    if (partial.size > MAX_MESSAGE_BYTES) return this.#violated(1009);
    this.#fin = head.fin;
    return head.length;
  }

  onPayload(piece: Buffer): void {
    (this.#control ?? this.#message)?.pieces.push(Buffer.from(piece));
  }

  onFrameEnd(): void {
    const partial = this.#control ?? this.#message;
    if (this.#refused || partial === null || !this.#fin) return;
    if (this.#control === null) this.#message = null;
    this.#control = null;
    const bytes = Buffer.concat(partial.pieces);
    if (partial.kind === 'text' && !isUtf8(bytes)) this.#violated(1007);
    else this.#take({ kind: partial.kind, bytes });
  }

  onLost(): void {
    this.#violated(1009);
  }

  /** Where the payload of a frame goes; undefined for a frame that may not come here. */
  #partialOf({ opcode, fin, length }: FrameHead): Partial | undefined {
    if (opcode === OPCODE.continuation) return this.#message ?? undefined;
    const kind = KINDS.get(opcode);
    if (kind === undefined) return undefined;
    const partial: Partial = { kind, pieces: [], size: 0 };
    if (opcode < FIRST_CONTROL) {
      if (this.#message !== null) return undefined;
      this.#message = partial;
      return partial;
    }
    if (!fin || length > LONGEST_CONTROL) return undefined;
    this.#control = partial;
    return partial;
  }

  #violated(violation: Violation): number {
    if (!this.#refused) {
      this.#refused = true;
      this.#refuse(violation);
    }
    return 0;
  }
}
