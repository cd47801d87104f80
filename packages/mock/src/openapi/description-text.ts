import { MockError } from '../errors.ts';
import { ExactNumber } from '../exact-json.ts';
import { isRecord } from '../source-node.ts';
import type { SourceFile } from '../source-node.ts';
import { jsonOf } from '../source-text.ts';
import { yamlReader } from '../yaml-reader.ts';

const OPENAPI_LINE = /^["']?(?:openapi|swagger)["']?[ \t]*:/m;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export function openApiSource(file: string): SourceFile {
  return { file, format: 'OpenAPI description', code: 'OPENAPI_INVALID' };
}

/** Whether a value is a description of an API, of whatever version. */
export function isOpenApi(value: unknown): boolean {
  return isRecord(value) && ('openapi' in value || 'swagger' in value);
}

/** Whether a text that is no JSON is one. */
export function isOpenApiYaml(text: string): boolean {
  return OPENAPI_LINE.test(text);
}

/** YAML as JSON; numbers that JavaScript would write in another way stay as they are written. */
export function yamlOf(text: string, { file, format, code }: SourceFile): unknown {
  const { visit, parseDocument, LineCounter } = yamlReader();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new MockError(
      code,
      `Failed to read ${format} "${file}": it is no YAML at line ${line}, column ${col} (${error.message.replaceAll(/\s+/g, ' ')}). Correct it there.`,
    );
  }
  visit(document, {
    Scalar: (_, node) => {
      const { value, source } = node;
      if (typeof value !== 'number' || source === undefined) return;
      if (JSON_NUMBER.test(source) && String(value) !== source)
        node.value = new ExactNumber(source);
    },
  });
  return document.toJS();
}

/** The description in a text; undefined where it is none. @throws MockError for a broken one. */
export function openApiValue(text: string, source: SourceFile): unknown {
  if (!/^\s*[[{]/.test(text)) return isOpenApiYaml(text) ? yamlOf(text, source) : undefined;
  // Any other JSON is for its own reader to judge.
  if (!/"(?:openapi|swagger)"/.test(text)) return undefined;
  const value = jsonOf(text, source);
  return isOpenApi(value) ? value : undefined;
}
