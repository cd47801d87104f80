import type { MessageKind } from '@calltape/store';

/** How much is kept of what goes over one WebSocket. */
export interface MessageLimits {
  /** Bytes of one message. */
  readonly messageLimit: number;
  /** Messages of both sides. */
  readonly keepMessages: number;
  /** Bytes of all messages. */
  readonly keepBytes: number;
}

/** What is left of the limits of one WebSocket. */
export class MessageBudget implements MessageLimits {
  readonly messageLimit: number;
  readonly keepMessages: number;
  readonly keepBytes: number;
  #messages = 0;
  #bytes = 0;

  constructor({ messageLimit, keepMessages, keepBytes }: MessageLimits) {
    this.messageLimit = messageLimit;
    this.keepMessages = keepMessages;
    this.keepBytes = keepBytes;
  }

  /** Whether a message that begins is to be kept; a close always is, since it tells why all ended. */
  admit(kind: MessageKind): boolean {
    if (kind === 'close') return true;
    if (this.#messages >= this.keepMessages || this.#bytes >= this.keepBytes) return false;
    this.#messages += 1;
    return true;
  }

  spend(bytes: number): void {
    this.#bytes += bytes;
  }
}
