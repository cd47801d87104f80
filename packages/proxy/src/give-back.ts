/** Memory of this size is never a part of Node's pool for small buffers. */
const WORTH_GIVING_BYTES = 16 * 1024;

/** Gives memory back at once; nobody may use it any more. The garbage collector lets it pile up. */
export function giveBack({ buffer }: Uint8Array): void {
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength >= WORTH_GIVING_BYTES;
  if (isOwn && !buffer.detached) buffer.transfer(0);
}

/** Told that a write is over. */
export type Taken = (error?: Error | null) => void;

/**
 * What gives memory back once it was written, and all that was written before it; undefined when it
 * holds something else as well. After a failed write nothing is certain, and it is left alone.
 */
export function givingBack(bytes: Uint8Array): Taken | undefined {
  if (bytes.byteLength !== bytes.buffer.byteLength) return undefined;
  return (error) => {
    if (error === null || error === undefined) giveBack(bytes);
  };
}
