import type { TextEdit } from '@calltape/store';
import { byteText, movedPlaces, withEdits } from '../body-edit.ts';
import { faultField } from '../fault-field.ts';
import { withoutField } from '../flat-headers.ts';
import type { HeadStep, Plan, Step } from '../step.ts';
import type { AnswerText } from './answer-text.ts';
import { encoded } from './recode.ts';

/** Fields that hold a sum of the content, which would be wrong now. */
const SUMS: ReadonlySet<string> = new Set([
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
]);

function alteredHead(head: HeadStep, length: number, keepsCoding: boolean, note: string): HeadStep {
  let headers: readonly string[] = head.headers;
  for (const name of SUMS) headers = withoutField(headers, name);
  if (!keepsCoding) headers = withoutField(headers, 'content-encoding');
  headers = headers.map((value, at) =>
    at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'content-length' ? String(length) : value,
  );
  return { ...head, headers: [...headers, ...faultField(note)] };
}

/** Where the chunks of a plan end, as offsets in its content. */
function chunkEnds(plan: Plan): number[] {
  let at = 0;
  return plan.flatMap((step) => {
    if (step.kind !== 'chunk') return [];
    at += step.bytes.length;
    return [at];
  });
}

/** The plan with other content, parted at `ends`; what is left over goes with the last chunk. */
function withContent(plan: Plan, bytes: Uint8Array, ends: readonly number[]): Step[] {
  let [at, index] = [0, 0];
  return plan.flatMap((step): Step[] => {
    if (step.kind !== 'chunk') return [step];
    const end = index === ends.length - 1 ? bytes.length : (ends[index] ?? at);
    const piece = bytes.subarray(at, end);
    at = Math.max(at, Math.min(end, bytes.length));
    index += 1;
    return piece.length === 0 ? [] : [{ kind: 'chunk', bytes: piece }];
  });
}

/** Edits in order, with their places in bytes of UTF-8 and texts of as many characters as bytes. */
function inBytes(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let [reached, bytes] = [0, 0];
  return edits.map((edit) => {
    const from = bytes + Buffer.byteLength(text.slice(reached, edit.from));
    const to = from + Buffer.byteLength(text.slice(edit.from, edit.to));
    [reached, bytes] = [edit.to, to];
    return { from, to, text: byteText(edit.text) };
  });
}

/**
 * The plan with edits made in its content. Its codings are put on again where calltape can, its
 * length and sums put right; the pieces of a stream stay those that they were.
 */
export function alteredPlan(
  plan: Plan,
  { head, text, codings }: AnswerText,
  edits: readonly TextEdit[],
  note: string,
): Plan {
  const inOrder = edits.toSorted((a, b) => a.from - b.from);
  const plain = Buffer.from(withEdits(text, inOrder));
  const coded = codings.length === 0 ? undefined : encoded(plain, codings);
  const content = coded ?? plain;
  const placeOf = movedPlaces(inBytes(text, inOrder));
  const ends = chunkEnds(plan).map((end) => (codings.length === 0 ? placeOf(end) : end));
  const newHead = alteredHead(head, content.length, coded !== undefined, note);
  return withContent(plan, content, ends).map((step) => (step === head ? newHead : step));
}
