import { isUtf8 } from 'node:buffer';
import { contentCodings, decodeBody, toLines } from '@calltape/store';
import { fieldValue } from '../flat-headers.ts';
import { contentLength, headOf } from '../plan-parts.ts';
import type { HeadStep, Plan } from '../step.ts';
import { jsonDocuments } from './json-documents.ts';
import type { JsonNode } from './json-tree.ts';

/** The content of an answer as text, and the JSON in it. */
export interface AnswerText {
  readonly head: HeadStep;
  readonly text: string;
  /** In the order they were put on. */
  readonly codings: readonly string[];
  readonly documents: readonly JsonNode[];
}

function wireBytes(plan: Plan): Buffer {
  const pieces = plan.flatMap((step) => (step.kind === 'chunk' ? [step.bytes] : []));
  return Buffer.concat(pieces, contentLength(plan));
}

/** Undefined for content that has no JSON, cannot be decoded, or is the mock's own. */
export function answerTextOf(plan: Plan): AnswerText | undefined {
  const head = headOf(plan);
  if (head === undefined || head.framing === 'none') return undefined;
  if (fieldValue(head.headers, 'x-calltape-error') !== undefined) return undefined;
  const bytes = wireBytes(plan);
  const lines = toLines(head.headers);
  const body = decodeBody({ bytes, size: bytes.length }, lines);
  if (!body.complete || !body.isPlain || !isUtf8(body.bytes)) return undefined;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.bytes);
  const documents = jsonDocuments(text, fieldValue(head.headers, 'content-type') ?? '');
  return documents.length === 0
    ? undefined
    : { head, text, codings: contentCodings(lines), documents };
}
