import { FrameReader } from '@calltape/store';
import type {
  DraftMessage,
  FrameHead,
  FrameSink,
  MessageDirection,
  MessageKind,
} from '@calltape/store';
import type { MessageBudget } from './message-budget.ts';
import { SmallPieces } from './small-pieces.ts';

/** A compressed message longer than this is not kept whole, and so cannot be decompressed, bytes. */
const MOST_COMPRESSED = 16 * 1024 * 1024;
const LONGEST_CONTROL = 125;
const CONTINUATION = 0;
const FIRST_CONTROL = 8;
/** RSV1, which marks a compressed message (RFC 7692 section 6). */
const COMPRESSED = 4;

const KINDS: ReadonlyMap<number, MessageKind> = new Map([
  [1, 'text'],
  [2, 'binary'],
  [8, 'close'],
  [9, 'ping'],
  [10, 'pong'],
]);

/** A message whose end has not come yet. */
interface Partial {
  readonly kind: MessageKind;
  readonly deflated: boolean;
  readonly dropped: boolean;
  readonly pieces: SmallPieces;
  size: number;
  problem: string | null;
}

/** What RFC 6455 section 5.5 forbids in a control frame. */
function controlProblem({ fin, length }: FrameHead): string | null {
  if (length > LONGEST_CONTROL) return `a control frame longer than ${LONGEST_CONTROL} bytes`;
  return fin ? null : 'a control frame in fragments';
}

/** What RFC 6455 sections 5.1 and 5.2 forbid in a frame by itself. */
function problemOf(
  head: FrameHead,
  direction: MessageDirection,
  compresses: boolean,
): string | null {
  const { opcode, masked } = head;
  const isFirst = opcode !== CONTINUATION && opcode < FIRST_CONTROL;
  const allowed = compresses && isFirst ? COMPRESSED : 0;
  if (opcode !== CONTINUATION && !KINDS.has(opcode)) return `opcode ${opcode} is not defined`;
  if ((head.reserved & ~allowed) !== 0) return 'a reserved bit is set';
  if (masked !== (direction === 'sent')) return masked ? 'masked by the upstream' : 'not masked';
  return opcode < FIRST_CONTROL ? null : controlProblem(head);
}

/**
 * Reads along in one direction of a WebSocket and tells each message. It changes nothing and holds
 * nothing up; what it makes of frames that break the rules is a best guess, with a word on it.
 */
export class MessageTap implements FrameSink {
  readonly #direction: MessageDirection;
  readonly #compresses: boolean;
  readonly #budget: MessageBudget;
  readonly #now: () => number;
  readonly #tell: (message: DraftMessage) => void;
  readonly #reader: FrameReader;
  #message: Partial | null = null;
  #control: Partial | null = null;
  #fin = false;

  /**
   * @param compresses - Both sides have agreed on permessage-deflate.
   * @param now - Milliseconds since the call started.
   */
  constructor(
    direction: MessageDirection,
    compresses: boolean,
    budget: MessageBudget,
    now: () => number,
    tell: (message: DraftMessage) => void,
  ) {
    this.#direction = direction;
    this.#compresses = compresses;
    this.#budget = budget;
    this.#now = now;
    this.#tell = tell;
    this.#reader = new FrameReader(this);
  }

  read(piece: Buffer): void {
    this.#reader.read(piece);
  }

  /** Nothing follows. */
  end(): void {
    for (const partial of [this.#message, this.#control]) {
      if (partial !== null) this.#end(partial, 'its end did not come');
    }
    this.#message = null;
    this.#control = null;
  }

  onFrame(head: FrameHead): number {
    const problem = problemOf(head, this.#direction, this.#compresses);
    const isControl = head.opcode >= FIRST_CONTROL;
    if (isControl) this.#control = this.#begin(head);
    else if (head.opcode !== CONTINUATION) this.#beginMessage(head);
    const partial = this.#control ?? this.#message ?? this.#beginStray(head);
    partial.size += head.length;
    partial.problem ??= problem;
    this.#fin = head.fin || isControl;
    return Math.min(head.length, this.#wanted(partial));
  }

  onPayload(piece: Buffer): void {
    (this.#control ?? this.#message)?.pieces.add(piece);
  }

  onFrameEnd(): void {
    const partial = this.#control ?? this.#message;
    if (partial === null || !this.#fin) return;
    if (partial === this.#message) this.#message = null;
    this.#control = null;
    this.#end(partial, null);
  }

  onLost(): void {
    const problem = 'a frame of more than 2^53 bytes: what follows in this direction is not read';
    this.end();
    const head = { opcode: -1, reserved: 0, fin: true, masked: false, length: 0 };
    this.#end(this.#begin(head), problem);
  }

  #beginMessage(head: FrameHead): void {
    if (this.#message !== null) this.#end(this.#message, 'another message began before its end');
    this.#message = this.#begin(head);
  }

  #beginStray(head: FrameHead): Partial {
    this.#message = this.#begin(head);
    this.#message.problem = 'it continues a message that has not begun';
    return this.#message;
  }

  #begin({ opcode, reserved }: FrameHead): Partial {
    const kind = KINDS.get(opcode) ?? 'other';
    const deflated = this.#compresses && opcode < FIRST_CONTROL && (reserved & COMPRESSED) !== 0;
    const dropped = !this.#budget.admit(kind);
    return { kind, deflated, dropped, pieces: new SmallPieces(), size: 0, problem: null };
  }

  #wanted({ dropped, deflated, pieces }: Partial): number {
    if (dropped) return 0;
    const { messageLimit } = this.#budget;
    const most = deflated ? Math.max(MOST_COMPRESSED, messageLimit) : messageLimit;
    return Math.max(0, most - pieces.length);
  }

  #end({ kind, size, pieces, deflated, dropped, problem }: Partial, ending: string | null): void {
    const { messageLimit, keepBytes } = this.#budget;
    this.#budget.spend(Math.min(pieces.length, messageLimit));
    this.#tell({
      direction: this.#direction,
      kind,
      atMs: this.#now(),
      size,
      wireSize: size,
      pieces: pieces.all(),
      deflated,
      inflate: deflated,
      dropped: dropped ? 1 : 0,
      limit: messageLimit,
      budget: keepBytes,
      problem: problem ?? ending,
    });
  }
}
