import { readFileSync } from 'node:fs';
import { MockError } from './errors.ts';
import { readJson } from './exact-json.ts';
import type { SourceFile } from './source-node.ts';

const MARK = '\uFEFF';

/** The text of a file. @throws MockError when it cannot be read. */
export function sourceText({ file, format, code }: SourceFile): string {
  try {
    const text = readFileSync(file, 'utf8');
    return text.startsWith(MARK) ? text.slice(1) : text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MockError(
      code,
      `Failed to read ${format} "${file}": ${reason}. Check its name and its permissions.`,
      { cause: error },
    );
  }
}

/** Where JSON.parse stopped, as a line; its last line where it does not say. */
function lineOf(text: string, reason: string): number {
  const position = /position (\d+)/.exec(reason)?.[1];
  const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  return before.split('\n').length;
}

/** A text read as JSON. @throws MockError naming the line. */
export function jsonOf(text: string, { file, format, code }: SourceFile): unknown {
  try {
    return readJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MockError(
      code,
      `Failed to read ${format} "${file}": line ${lineOf(text, reason)} is no JSON (${reason}). Correct it there; the file may have been cut short.`,
      { cause: error },
    );
  }
}
