import { readFileSync } from 'node:fs';
import { MockError } from './errors.ts';
import { readJson } from './exact-json.ts';
import { jsonFaultAt } from './json-fault-at.ts';
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

/** A text read as JSON. @throws MockError naming the line. */
export function jsonOf(text: string, { file, format, code }: SourceFile): unknown {
  try {
    return readJson(text);
  } catch (error) {
    const before = text.slice(0, jsonFaultAt(text)).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new MockError(
      code,
      `Failed to read ${format} "${file}": it is no JSON from ${place} on. Correct it there; the file may have been cut short.`,
      { cause: error },
    );
  }
}
