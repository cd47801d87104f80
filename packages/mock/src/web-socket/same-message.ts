import type { Message } from '@calltape/store';
import { canonicalJson, parseExactJson } from '../exact-json.ts';
import { withoutSecrets } from '../secret-places.ts';
import type { ClientMessage } from './client-messages.ts';

function meaning(bytes: Uint8Array): string {
  const text = withoutSecrets(Buffer.from(bytes).toString());
  const value = parseExactJson(text);
  return value === undefined ? text : canonicalJson(value);
}

/** Whether a message of a client says what was recorded, secrets apart, as far as the tape knows it. */
export function isSameMessage(recorded: Message, { kind, bytes }: ClientMessage): boolean {
  if (recorded.kind !== kind) return false;
  // Nothing is known of what could not be decompressed.
  if (recorded.deflated) return true;
  const came = bytes.subarray(0, recorded.truncated ? recorded.bytes.length : undefined);
  if (Buffer.compare(came, recorded.bytes) === 0) return true;
  return kind === 'text' && !recorded.truncated && meaning(came) === meaning(recorded.bytes);
}
