import { openTape } from '@calltape/store';
import type { Message } from '@calltape/store';
import type { Recording } from '../recording.ts';

const READ = new WeakMap<Recording, readonly Message[]>();

/** Says what the messages of a recorded WebSocket are that is on no tape. */
export function keepMessages(recording: Recording, messages: readonly Message[]): void {
  READ.set(recording, messages);
}

/**
 * The messages of a recorded WebSocket; read from the tape when the first client asks for
 * them.
 */
export function messagesOf(recording: Recording): readonly Message[] {
  const known = READ.get(recording);
  if (known !== undefined) return known;
  const tape = openTape(recording.tape);
  try {
    const messages = tape.messages(recording.id);
    READ.set(recording, messages);
    return messages;
  } finally {
    tape.close();
  }
}
