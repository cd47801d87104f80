import type { HeaderLine } from '@calltape/store';

/** Header lines as a list: the number of a line that is kept for all, or a name and a value. */
export type PackedLines = readonly (string | number)[];

/** Lines that were met once, and may be met again soon. */
const MOST_MET = 512;

/**
 * Keeps once the header lines that a tape has once for many calls: its reader gives each call the
 * same line. Others, such as those of a `date`, are written out for their call.
 */
export class KeptLines {
  readonly #lines: HeaderLine[] = [];
  readonly #numbers = new Map<HeaderLine, number>();
  readonly #met = new Set<HeaderLine>();

  pack(lines: readonly HeaderLine[]): PackedLines {
    const packed: (string | number)[] = [];
    for (const line of lines) {
      const number = this.#numbers.get(line) ?? this.#newNumber(line);
      if (number === undefined) packed.push(...line);
      else packed.push(number);
    }
    return packed;
  }

  unpack(packed: PackedLines): HeaderLine[] {
    const lines: HeaderLine[] = [];
    for (let at = 0; at < packed.length; at += 1) {
      const one = packed[at];
      const line = typeof one === 'number' ? this.#lines[one] : undefined;
      if (line !== undefined) {
        lines.push(line);
        continue;
      }
      at += 1;
      lines.push([String(one), String(packed[at])]);
    }
    return lines;
  }

  #newNumber(line: HeaderLine): number | undefined {
    if (this.#met.delete(line)) {
      this.#numbers.set(line, this.#lines.length);
      return this.#lines.push(line) - 1;
    }
    if (this.#met.size >= MOST_MET) this.#met.clear();
    this.#met.add(line);
    return undefined;
  }
}
