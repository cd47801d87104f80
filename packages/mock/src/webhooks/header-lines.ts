import type { HeaderLine } from '@calltape/store';

/**
 * Lines with one value under a name: in the place and spelling of the recorded line, at the end when
 * there was none, and never twice.
 */
export function withHeader(
  lines: readonly HeaderLine[],
  name: string,
  value: string,
): readonly HeaderLine[] {
  const lower = name.toLowerCase();
  const at = lines.findIndex(([candidate]) => candidate.toLowerCase() === lower);
  if (at === -1) return [...lines, [name, value]];
  const rest = withoutHeaders(lines.slice(at + 1), [lower]);
  return [...lines.slice(0, at), [lines[at]?.[0] ?? name, value], ...rest];
}

/** Lines without those of some names, which are in lower case. */
export function withoutHeaders(
  lines: readonly HeaderLine[],
  names: readonly string[],
): readonly HeaderLine[] {
  return lines.filter(([name]) => !names.includes(name.toLowerCase()));
}
