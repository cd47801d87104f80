import { constants, inflateRawSync } from 'node:zlib';

/** What a sender leaves off the end of each message (RFC 7692 section 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** The farthest that DEFLATE refers back (RFC 1951 section 2), bytes. */
const WINDOW_BYTES = 32 * 1024;
/** A message that grows beyond this is left compressed, bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Decompresses the messages of one direction of a WebSocket. Each ends at a byte and begins a block of
 * its own, so all that one needs of those before it is the window that they fill. Whether the sender
 * clears its window and how small it is (RFC 7692 section 7.1) makes no difference to a reader that
 * always keeps all of it; and after a gap the window is empty, so that what refers into the gap fails
 * instead of turning out wrong.
 */
export class MessageInflater {
  /** The last of what was decompressed; never changed in place. */
  window: Buffer = NOTHING;

  /** @throws when the bytes are not compressed as they should be, or grow too much. */
  inflate(bytes: Uint8Array): Buffer {
    const before = this.window;
    this.window = NOTHING;
    const whole = inflateRawSync(Buffer.concat([bytes, TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MOST_BYTES,
      ...(before.length === 0 ? {} : { dictionary: before }),
    });
    this.window = Buffer.from(Buffer.concat([before, whole]).subarray(-WINDOW_BYTES));
    return whole;
  }

  /** A message is missing: none after it may refer to what came before. */
  skip(): void {
    this.window = NOTHING;
  }
}
