import type { Duplex } from 'node:stream';
import type { Message } from '@calltape/store';
import { ClientMessages } from './client-messages.ts';
import type { ClientMessage, Violation } from './client-messages.ts';
import { OPCODE, closePayload, serverFrame } from './frame.ts';
import { isSameMessage } from './same-message.ts';
import type { Script } from './script.ts';
import { echoedContent } from '../echo.ts';
import { contentChanges } from '../request-changes.ts';
import type { RequestChange } from '../request-changes.ts';

/** How long a client may take to answer a closing before the connection is ended, milliseconds. */
const CLOSING_MS = 2_000;

/** Timers count whole milliseconds. */
const SHORTEST_WAIT_MS = 0.5;

/** The most changes to remember. */
const MOST_CHANGES = 1_000;

/** RFC 6455 section 7.4.1: the server is going away. */
const GOING_AWAY = 1001;

/** Whoever wants to know what passed. */
export interface Listener {
  /** @param differs - The client's message is not the recorded one. */
  readonly onMessage: (
    direction: Message['direction'],
    kind: Message['kind'],
    bytes: Uint8Array,
    differs: boolean,
  ) => void;
  readonly onEnd: (closed: boolean) => void;
}

const SERVER_KINDS: ReadonlyMap<number, Message['kind']> = new Map([
  [OPCODE.text, 'text'],
  [OPCODE.binary, 'binary'],
  [OPCODE.close, 'close'],
  [OPCODE.ping, 'ping'],
  [OPCODE.pong, 'pong'],
]);

/** A WebSocket on which the server's part of a recorded one is played. */
export class Conversation {
  readonly #socket: Duplex;
  readonly #script: Script;
  readonly #listener: Listener;
  /** Messages of the client that no cue has waited for yet. */
  readonly #heard: ClientMessage[] = [];
  /** In what the client's words are not the recorded ones, for the server's that say them again. */
  #changes: RequestChange[] = [];
  #next = 0;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = performance.now();
  #waited = false;
  /** A close frame has gone out. */
  #closing = false;
  #clientClosed = false;
  #over = false;

  constructor(socket: Duplex, script: Script, listener: Listener) {
    this.#socket = socket;
    this.#script = script;
    this.#listener = listener;
  }

  /** @param head - What the client has sent behind its handshake. */
  begin(head: Buffer): void {
    const socket = this.#socket;
    const reader = new ClientMessages(
      (message) => this.#hear(message),
      (violation) => this.#fail(violation),
    );
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece: Buffer) => reader.read(piece));
    socket.on('end', () => socket.end());
    socket.once('close', () => this.#ended());
    if (head.length > 0) reader.read(head);
    this.#play();
    // The client may have gone before the handshake was answered.
    if (socket.readableEnded) socket.end();
  }

  /** Tells the client that the mock goes away, and ends the connection. */
  stop(): void {
    if (!this.#closing) this.#send(OPCODE.close, closePayload(GOING_AWAY));
    this.#socket.end();
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  #play(): void {
    for (let cue = this.#script[this.#next]; cue !== undefined; cue = this.#script[this.#next]) {
      if (this.#closing || this.#over || this.#timer !== null) return;
      if ('waitMs' in cue && !this.#isDue(cue.waitMs)) return;
      if (!this.#act(cue)) return;
      this.#next += 1;
      this.#waited = false;
    }
  }

  /** Acts on a cue; false when it has to wait for the client. */
  #act(cue: Script[number]): boolean {
    switch (cue.kind) {
      case 'send':
        this.#send(cue.opcode, echoedContent(cue.bytes, this.#changes));
        break;
      case 'await':
        return this.#expect(cue.message);
      case 'await-close':
        return this.#clientClosed;
      case 'close':
        this.#close(cue.bytes);
        break;
      case 'cut':
        this.#socket.destroy();
        break;
    }
    return true;
  }

  #expect(recorded: Message): boolean {
    const message = this.#heard.shift();
    if (message === undefined) return false;
    const differs = !isSameMessage(recorded, message);
    this.#listener.onMessage('sent', message.kind, message.bytes, differs);
    if (differs) this.#note(recorded, message);
    this.#dueMs = performance.now();
    return true;
  }

  /** The latest come first, for they are meant. */
  #note(recorded: Message, { bytes }: ClientMessage): void {
    const changes = contentChanges(recorded.bytes, bytes);
    this.#changes = [...changes, ...this.#changes].slice(0, MOST_CHANGES);
  }

  /** Waits are reckoned from the client's last word, so that the lateness of timers does not add up. */
  #isDue(waitMs: number): boolean {
    if (this.#waited) return true;
    this.#dueMs += waitMs;
    const delayMs = this.#dueMs - performance.now();
    this.#waited = true;
    if (delayMs < SHORTEST_WAIT_MS) return true;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#play();
    }, delayMs);
    return false;
  }

  #hear(message: ClientMessage): void {
    switch (message.kind) {
      case 'text':
      case 'binary':
        this.#heard.push(message);
        break;
      case 'ping':
        this.#listener.onMessage('sent', 'ping', message.bytes, false);
        if (!this.#closing) this.#send(OPCODE.pong, message.bytes);
        return;
      case 'pong':
        this.#listener.onMessage('sent', 'pong', message.bytes, false);
        return;
      case 'close':
        this.#hearClose(message.bytes);
        return;
    }
    this.#play();
  }

  #hearClose(bytes: Buffer): void {
    this.#clientClosed = true;
    this.#listener.onMessage('sent', 'close', bytes, false);
    if (this.#closing) {
      this.#socket.end();
      return;
    }
    this.#play();
    // The recorded server may have answered its client's closing in its own words.
    const isScripted = this.#script[this.#next]?.kind === 'close' && this.#timer !== null;
    if (!this.#closing && !isScripted) this.#close(bytes.subarray(0, 2));
  }

  /** RFC 6455 section 7.1.7: what follows in the connection means nothing any more. */
  #fail(violation: Violation): void {
    this.#close(closePayload(violation));
    this.#socket.end();
  }

  #close(payload: Uint8Array): void {
    if (this.#closing) return;
    this.#send(OPCODE.close, payload);
    this.#closing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#clientClosed) {
      this.#socket.end();
      return;
    }
    this.#timer = setTimeout(() => this.#socket.destroy(), CLOSING_MS);
  }

  #send(opcode: number, bytes: Uint8Array): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(serverFrame(opcode, bytes));
    this.#listener.onMessage('received', SERVER_KINDS.get(opcode) ?? 'other', bytes, false);
  }

  #ended(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // What the client sent that no cue was about is still what it sent.
    for (const { kind, bytes } of this.#heard) {
      this.#listener.onMessage('sent', kind, bytes, true);
    }
    this.#listener.onEnd(this.#closing || this.#clientClosed);
  }
}
