import { isUtf8 } from 'node:buffer';
import type Database from 'better-sqlite3';
import { MessageInflater } from './message-inflater.ts';
import type { DraftMessage, MessageKind, WebSocketTotals } from './message.ts';
import type { Redactor } from './redact.ts';

interface Payload {
  readonly bytes: Uint8Array;
  /** Length of the whole, as far as it is known. */
  readonly size: number;
  readonly deflated: boolean;
  readonly problem: string | null;
}

type Totals = { -readonly [Name in keyof WebSocketTotals]: WebSocketTotals[Name] };

/** What is known of an open WebSocket. */
interface OpenSocket {
  exchangeId: number;
  totals: Totals;
  keptBytes: number;
  readonly inflaters: Readonly<Record<DraftMessage['direction'], MessageInflater>>;
}

/** What a transaction that is rolled back must leave as it was. */
interface Before {
  readonly totals: Totals;
  readonly keptBytes: number;
  readonly windows: Readonly<Record<DraftMessage['direction'], Buffer>>;
}

function stateOf({ totals, keptBytes, inflaters }: OpenSocket): Before {
  const windows = { sent: inflaters.sent.window, received: inflaters.received.window };
  return { totals: { ...totals }, keptBytes, windows };
}

function newSocket(exchangeId: number): OpenSocket {
  return {
    exchangeId,
    totals: { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0, dropped: 0 },
    keptBytes: 0,
    inflaters: { sent: new MessageInflater(), received: new MessageInflater() },
  };
}

function count(totals: Totals, { direction, wireSize, dropped }: DraftMessage): void {
  totals[direction] += Math.max(1, dropped);
  totals[direction === 'sent' ? 'sentBytes' : 'receivedBytes'] += wireSize;
}

/** The encoding in which a payload can be searched for secrets; null where it is no text. */
function textEncoding(kind: MessageKind, bytes: Uint8Array): 'utf8' | 'latin1' | null {
  if (isUtf8(bytes)) return 'utf8';
  // One byte a character: what is no secret comes out as it went in.
  return kind === 'text' || kind === 'close' ? 'latin1' : null;
}

/** Decompresses where needed. What that fails for is kept as it came. */
function payloadOf(socket: OpenSocket, message: DraftMessage): Payload {
  const { pieces, size, deflated, inflate, problem, direction } = message;
  const bytes = pieces[0] ?? Buffer.alloc(0);
  if (!inflate) return { bytes, size, deflated, problem };
  const inflater = socket.inflaters[direction];
  if (bytes.length < size) {
    inflater.skip();
    return { bytes, size, deflated, problem: problem ?? 'too long to be decompressed' };
  }
  try {
    const whole = inflater.inflate(bytes);
    return { bytes: whole, size: whole.length, deflated: false, problem };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { bytes, size, deflated, problem: problem ?? `cannot be decompressed: ${reason}` };
  }
}

/** Puts WebSocket messages into the tables. Runs in the writer's thread, inside its transactions. */
export class MessageSink {
  readonly #redactor: Redactor | null;
  readonly #insert: Database.Statement;
  readonly #total: Database.Statement;
  /** By the number that the writer's owner gave to the call. */
  readonly #open = new Map<number, OpenSocket>();
  /** The sockets that the current transaction has touched, as they were before it. */
  readonly #touched = new Map<OpenSocket, Before>();

  constructor(database: Database.Database, redactor: Redactor | null) {
    this.#redactor = redactor;
    this.#insert = database.prepare(
      `INSERT INTO message (exchange_id, direction, at_ms, kind, size, wire_size, bytes, truncated, deflated, problem)
       VALUES ($exchangeId, $direction, $atMs, $kind, $size, $wireSize, $bytes, $truncated, $deflated, $problem)`,
    );
    this.#total = database.prepare(
      `INSERT INTO websocket (exchange_id, sent, sent_bytes, received, received_bytes, dropped)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (exchange_id) DO UPDATE SET sent = excluded.sent, sent_bytes = excluded.sent_bytes,
         received = excluded.received, received_bytes = excluded.received_bytes,
         dropped = excluded.dropped`,
    );
  }

  /** The call with this number has become a WebSocket and has this row. */
  begin(number: number, exchangeId: number): void {
    this.#socket(number, exchangeId);
  }

  /** Writes a message of the call with this number, whose row is there. */
  put(number: number, exchangeId: number, message: DraftMessage): void {
    const socket = this.#socket(number, exchangeId);
    count(socket.totals, message);
    const room = Math.min(message.limit, message.budget - socket.keptBytes);
    const isLast = message.kind === 'close';
    if (message.dropped > 0) socket.totals.dropped += message.dropped;
    else if (room <= 0 && !isLast) socket.totals.dropped += 1;
    else this.#keep(socket, message, isLast ? message.limit : room);
  }

  /** Notes a message that cannot be written. */
  lose(number: number, message: DraftMessage): void {
    const socket = this.#open.get(number) ?? newSocket(0);
    this.#open.set(number, socket);
    count(socket.totals, message);
    socket.totals.dropped += Math.max(1, message.dropped);
    if (message.inflate) socket.inflaters[message.direction].skip();
  }

  /** A message that was {@link put} could not be written after all. */
  unkept(number: number): void {
    const socket = this.#open.get(number);
    if (socket !== undefined) socket.totals.dropped += 1;
  }

  /** The call has ended and has this row; nothing follows. */
  end(number: number, exchangeId: number): void {
    const socket = this.#open.get(number);
    if (socket === undefined) return;
    socket.exchangeId = exchangeId;
    this.#touch(socket);
    this.#open.delete(number);
  }

  /** The call with this number is not kept, nor anything of its messages. */
  leaveOut(number: number): void {
    this.#open.delete(number);
  }

  /** Writes the totals that have changed; to be called before a commit. */
  settle(): void {
    for (const { exchangeId, totals } of this.#touched.keys()) {
      const { sent, sentBytes, received, receivedBytes, dropped } = totals;
      this.#total.run(exchangeId, sent, sentBytes, received, receivedBytes, dropped);
    }
  }

  /** What was written is on the tape. */
  committed(): void {
    this.#touched.clear();
  }

  /** Goes back to what was known before the transaction that has been rolled back. */
  forget(): void {
    for (const [socket, { totals, keptBytes, windows }] of this.#touched) {
      socket.totals = totals;
      socket.keptBytes = keptBytes;
      socket.inflaters.sent.window = windows.sent;
      socket.inflaters.received.window = windows.received;
    }
    this.#touched.clear();
  }

  #socket(number: number, exchangeId: number): OpenSocket {
    const socket = this.#open.get(number) ?? newSocket(exchangeId);
    this.#open.set(number, socket);
    socket.exchangeId = exchangeId;
    this.#touch(socket);
    return socket;
  }

  #touch(socket: OpenSocket): void {
    if (!this.#touched.has(socket)) this.#touched.set(socket, stateOf(socket));
  }

  #keep(socket: OpenSocket, message: DraftMessage, room: number): void {
    const { direction, kind, atMs, wireSize } = message;
    const { bytes, size, deflated, problem } = payloadOf(socket, message);
    // What is still compressed cannot be searched for secrets.
    const isUnsearchable = deflated && this.#redactor !== null;
    const kept = bytes.subarray(0, isUnsearchable ? 0 : room);
    socket.keptBytes += kept.length;
    this.#insert.run({
      exchangeId: socket.exchangeId,
      direction,
      atMs,
      kind,
      size,
      wireSize,
      bytes: deflated ? kept : this.#redacted(kind, kept),
      truncated: kept.length < size ? 1 : 0,
      deflated: deflated ? 1 : 0,
      problem,
    });
  }

  #redacted(kind: MessageKind, bytes: Uint8Array): Uint8Array {
    const encoding = textEncoding(kind, bytes);
    if (this.#redactor === null || encoding === null) return bytes;
    const text = Buffer.from(bytes).toString(encoding);
    const redacted = this.#redactor.text(text);
    return redacted === text ? bytes : Buffer.from(redacted, encoding);
  }
}
