const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/**
 * Splits zstd data into its frames (RFC 8878 section 3.1), without the skippable ones: the decoder
 * of Node 24 stops after the first. What is cut short or no frame at all is the last part.
 */
export function zstdFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = frameEnd(view, at);
    if (end === null || end > bytes.length) {
      frames.push(bytes.subarray(at));
      break;
    }
    if (!isSkippable(view, at)) frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

function isSkippable(view: DataView, at: number): boolean {
  return (view.getUint32(at, true) & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** Where the frame at `at` ends, or null when its header or a block header is not there. */
function frameEnd(view: DataView, at: number): number | null {
  if (at + 8 > view.byteLength) return null;
  if (isSkippable(view, at)) return at + 8 + view.getUint32(at + 4, true);
  if (view.getUint32(at, true) !== FRAME_MAGIC) return null;
  const descriptor = view.getUint8(at + 4);
  const hasChecksum = (descriptor & 4) !== 0;
  const blocksEnd = lastBlockEnd(view, at + 4 + headerLength(descriptor));
  return blocksEnd === null ? null : blocksEnd + (hasChecksum ? 4 : 0);
}

/** Length of the frame header in bytes, from its descriptor (RFC 8878 section 3.1.1.1). */
function headerLength(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const contentSize = sizeFlag === 0 ? Number(singleSegment) : 2 ** sizeFlag;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return 1 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
}

function lastBlockEnd(view: DataView, start: number): number | null {
  let at = start;
  while (at + 3 <= view.byteLength) {
    const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const isRunLength = ((head >> 1) & 3) === 1;
    at += 3 + (isRunLength ? 1 : head >>> 3);
    if ((head & 1) === 1) return at;
  }
  return null;
}
