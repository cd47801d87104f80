/** The few types of ASN.1 that a certificate is made of, in their distinguished encoding (X.690). */

function lengthOf(content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([0x80 | significant.length]), significant]);
}

function value(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

export function sequence(...members: readonly Buffer[]): Buffer {
  return value(0x30, ...members);
}

/** A set of one; of several the encoding would have to sort them. */
export function setOf(member: Buffer): Buffer {
  return value(0x31, member);
}

/** @param bytes - An unsigned number, its highest byte first. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0;
  return first < 0x80 ? value(0x02, bytes) : value(0x02, Buffer.from([0]), bytes);
}

export const TRUE: Buffer = value(0x01, Buffer.from([0xff]));

/** @param unused - How many of the last byte's lowest bits do not count. */
export function bitString(bytes: Buffer, unused = 0): Buffer {
  return value(0x03, Buffer.from([unused]), bytes);
}

export function octetString(bytes: Buffer): Buffer {
  return value(0x04, bytes);
}

export function utf8String(text: string): Buffer {
  return value(0x0c, Buffer.from(text, 'utf8'));
}

/** Whole seconds; RFC 5280 section 4.1.2.5 asks for the long form only from 2050 on. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  if (at.getUTCFullYear() >= 2050) return value(0x18, Buffer.from(digits, 'latin1'));
  return value(0x17, Buffer.from(digits.slice(2), 'latin1'));
}

/** @param dotted - Such as 2.5.4.3. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return value(0x06, Buffer.from(bytes));
}

/** `[n]` around whole values (EXPLICIT), or in place of a structured value's own tag. */
export function context(n: number, ...members: readonly Buffer[]): Buffer {
  return value(0xa0 | n, ...members);
}

/** `[n]` in place of a plain value's own tag (IMPLICIT). */
export function contextPlain(n: number, bytes: Buffer): Buffer {
  return value(0x80 | n, bytes);
}

/** The members of a sequence, each with its tag and length. */
export function membersOf(encoded: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const end = endOf(encoded, 0);
  for (let at = contentOf(encoded, 0); at < end; at = endOf(encoded, at)) {
    found.push(encoded.subarray(at, endOf(encoded, at)));
  }
  return found;
}

function contentOf(encoded: Buffer, at: number): number {
  const first = encoded.readUInt8(at + 1);
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function endOf(encoded: Buffer, at: number): number {
  const first = encoded.readUInt8(at + 1);
  const length = first < 0x80 ? first : encoded.readUIntBE(at + 2, first & 0x7f);
  return contentOf(encoded, at) + length;
}
