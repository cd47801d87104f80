import type { DraftBody } from './draft.ts';

/** Takes the pieces of a body, in memory that can be moved. */
export function piecesToSend({ pieces, movable }: DraftBody): Uint8Array<ArrayBuffer>[] {
  const taken = pieces.splice(0);
  if (movable === true) return taken.filter(isInOwnMemory);
  const joined = new Uint8Array(taken.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of taken) {
    joined.set(piece, at);
    at += piece.length;
  }
  return [joined];
}

function isInOwnMemory(piece: Uint8Array): piece is Uint8Array<ArrayBuffer> {
  return piece.buffer instanceof ArrayBuffer;
}
