/** Who sent a WebSocket message: the client (`sent`) or the upstream (`received`). */
export type MessageDirection = 'sent' | 'received';

/** RFC 6455 section 11.8; `other` is a frame whose opcode that section leaves open. */
export type MessageKind = 'text' | 'binary' | 'ping' | 'pong' | 'close' | 'other';

/** A WebSocket message or control frame, unmasked, its fragments joined. */
export interface Message {
  /** Grows in the order in which messages came onto the tape. */
  readonly id: number;
  readonly exchangeId: number;
  readonly direction: MessageDirection;
  readonly kind: MessageKind;
  /** When its last byte passed: milliseconds since the exchange started. */
  readonly atMs: number;
  /** Length of the payload in bytes, decompressed where the tape could do that. */
  readonly size: number;
  /** Length of the payload in bytes as it was on the wire. */
  readonly wireSize: number;
  /** What the tape keeps of the payload: all of it, or its first bytes. */
  readonly bytes: Uint8Array;
  /** `bytes` are not all of the payload. */
  readonly truncated: boolean;
  /** `bytes` are still compressed (RFC 7692), since they could not be decompressed. */
  readonly deflated: boolean;
  /** What is wrong with it; null for a proper one. */
  readonly problem: string | null;
}

/** How much went over one WebSocket, kept or not. */
export interface WebSocketTotals {
  /** Messages and control frames of the client. */
  readonly sent: number;
  /** Their payloads on the wire, bytes. */
  readonly sentBytes: number;
  /** Messages and control frames of the upstream. */
  readonly received: number;
  /** Their payloads on the wire, bytes. */
  readonly receivedBytes: number;
  /** How many of both are not on the tape. */
  readonly dropped: number;
}

/** A message on its way to the tape. */
export interface DraftMessage {
  readonly direction: MessageDirection;
  readonly kind: MessageKind;
  /** Milliseconds since the exchange started. */
  readonly atMs: number;
  /** Length of the payload in bytes, as far as it is known. */
  readonly size: number;
  /** Length of the payload in bytes as it was on the wire. */
  readonly wireSize: number;
  /** The payload, unmasked; less than `size` when it was cut. */
  readonly pieces: readonly Uint8Array[];
  /** The pieces are compressed (RFC 7692). */
  readonly deflated: boolean;
  /** The pieces are the next in a row of compressed messages, to be decompressed. */
  readonly inflate: boolean;
  /** Stands for so many messages that are counted but not kept; 0 for one that is to be kept. */
  readonly dropped: number;
  /** Bytes of the payload, decompressed, to keep at most. */
  readonly limit: number;
  /** Bytes to keep at most of all messages of this WebSocket. */
  readonly budget: number;
  readonly problem: string | null;
}

/** The code and reason that a close frame gives; null for one that gives none (RFC 6455 section 7.1.5). */
export function closeReason(bytes: Uint8Array): { code: number; reason: string } | null {
  if (bytes.length < 2) return null;
  const code = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return { code, reason: new TextDecoder().decode(bytes.subarray(2)) };
}
