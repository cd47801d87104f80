import type { Exchange, Message } from '@calltape/store';
import type { PaceMode } from '../pace.ts';
import { OPCODE } from './frame.ts';

/** A message or ping of the server. */
export interface SendCue {
  readonly kind: 'send';
  readonly opcode: number;
  readonly bytes: Uint8Array;
  /** To wait before, milliseconds. */
  readonly waitMs: number;
}

/** Nothing happens before the client has sent its next message. */
export interface AwaitCue {
  readonly kind: 'await';
  readonly message: Message;
}

/** Nothing more happens before the client closes. */
export interface AwaitCloseCue {
  readonly kind: 'await-close';
}

/** The server closes, or answers the client's closing. */
export interface CloseCue {
  readonly kind: 'close';
  readonly bytes: Uint8Array;
  readonly waitMs: number;
}

/** The connection breaks off. */
export interface CutCue {
  readonly kind: 'cut';
  readonly waitMs: number;
}

/** What the server of a recorded WebSocket does, in order. After the last cue it is silent. */
export type Script = readonly (SendCue | AwaitCue | AwaitCloseCue | CloseCue | CutCue)[];

type Cue = Script[number];

const OPCODES: Readonly<Partial<Record<Message['kind'], number>>> = {
  text: OPCODE.text,
  binary: OPCODE.binary,
  ping: OPCODE.ping,
};

/** Spaces the events of a conversation: recorded gaps, or a fixed wait before each turn. */
class Gaps {
  readonly #mode: PaceMode;
  #reached: number;
  #turn = true;

  constructor(mode: PaceMode, openedAtMs: number) {
    this.#mode = mode;
    this.#reached = openedAtMs;
  }

  /** The client has spoken. */
  clientAt(atMs: number): void {
    this.#reached = Math.max(this.#reached, atMs);
    this.#turn = true;
  }

  before(atMs: number): number {
    const gap = Math.max(0, atMs - this.#reached);
    const isTurn = this.#turn;
    this.#reached = Math.max(this.#reached, atMs);
    this.#turn = false;
    if (this.#mode.kind === 'recorded') return gap * this.#mode.factor;
    if (this.#mode.kind === 'led') return gap;
    return this.#mode.kind === 'fixed' && isTurn ? this.#mode.ms : 0;
  }
}

function clientCue({ ...message }: Message, gaps: Gaps): Cue[] {
  const { kind, atMs } = message;
  // Pings are answered, and pongs expected, as they come.
  if (kind === 'ping' || kind === 'pong' || kind === 'other') return [];
  gaps.clientAt(atMs);
  return kind === 'close' ? [{ kind: 'await-close' }] : [{ kind: 'await', message }];
}

function serverCue({ kind, atMs, bytes }: Message, gaps: Gaps): Cue[] {
  if (kind === 'close') return [{ kind: 'close', bytes, waitMs: gaps.before(atMs) }];
  const opcode = OPCODES[kind];
  if (opcode === undefined) return [];
  return [{ kind: 'send', opcode, bytes, waitMs: gaps.before(atMs) }];
}

/** What the server did in a recorded WebSocket, to be done again for another client. */
export function scriptOf(
  { ttfbMs, durationMs, outcome }: Exchange,
  messages: readonly Message[],
  mode: PaceMode,
): Script {
  const gaps = new Gaps(mode, ttfbMs ?? 0);
  const cues = messages.flatMap((message) =>
    message.direction === 'sent' ? clientCue(message, gaps) : serverCue(message, gaps),
  );
  if (cues.some(({ kind }) => kind === 'close') || outcome !== 'truncated') return cues;
  return [...cues, { kind: 'cut', waitMs: gaps.before(durationMs ?? 0) }];
}

/** Why a recorded WebSocket cannot be played; null when it can. */
export function unplayable(messages: readonly Message[]): string | null {
  const cut = messages.find(
    ({ direction, kind, truncated, deflated }) =>
      direction === 'received' && OPCODES[kind] !== undefined && (truncated || deflated),
  );
  if (cut === undefined) return null;
  return cut.deflated
    ? 'A message of the server could not be decompressed when it was recorded.'
    : `The tape holds only the first ${cut.bytes.length} of the ${cut.size} bytes of a message of the server. Record the call again with a larger --ws-message-limit.`;
}
