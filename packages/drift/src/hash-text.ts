/** Beyond this length a text is told by its beginning, its end and its length. */
const WHOLE = 96;

/** Mixes a number into a hash of 32 bits (the step of MurmurHash3). */
export function mix(hash: number, value: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const turned = hash ^ mixed;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function hashPart(text: string, from: number, to: number, start: number): number {
  let hash = start;
  for (let at = from; at < to; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

/** A hash of 32 bits, FNV-1a; not one that resists an attacker. */
export function hashText(text: string): number {
  const { length } = text;
  const start = 0x811c9dc5 | 0;
  const hash =
    length <= WHOLE
      ? hashPart(text, 0, length, start)
      : hashPart(text, length - WHOLE / 2, length, hashPart(text, 0, WHOLE / 2, start));
  return mix(hash, length);
}

const floats = new Float64Array(1);
const words = new Int32Array(floats.buffer);

export function hashNumber(value: number): number {
  if ((value | 0) === value) return mix(17, value);
  floats[0] = value;
  return mix(mix(19, words[0] ?? 0), words[1] ?? 0);
}
