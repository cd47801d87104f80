const A_ROW = 16;

/** Bytes for people to read: where, what, and what of it is ASCII, 16 a line. */
export function hexDump(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += A_ROW) {
    const row = [...bytes.subarray(at, at + A_ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const left = hex.slice(0, A_ROW / 2).join(' ');
    const right = hex.slice(A_ROW / 2).join(' ');
    const where = at.toString(16).padStart(8, '0');
    rows.push(`${where}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${ascii(row)}`);
  }
  return rows;
}

function ascii(row: readonly number[]): string {
  return row.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
