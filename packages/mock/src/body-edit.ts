import {
  OF_THE_BYTES,
  charsetOf,
  contentCodings,
  decodeBody,
  encodeBody,
  isAsciiText,
  mediaType,
  toLines,
} from '@calltape/store';
import type { FlatHeaders, HeaderLine, TextEdit } from '@calltape/store';
import { fieldValue, withoutField } from './flat-headers.ts';
import { contentOf, headOf, isOwn } from './plan-parts.ts';
import type { HeadStep, Plan, Step } from './step.ts';

/**
 * Says what to change in a text, in the order of the text. The text has a character for each byte,
 * and so must what takes its place.
 *
 * @param type - The media type in lower case, without parameters; may be empty.
 */
export type EditOf = (text: string, type: string) => readonly TextEdit[];

/** The bytes of a text as the characters of the same numbers, which is how {@link EditOf} has them. */
export function byteText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The other way round. */
export function textOfBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let edited = '';
  let from = 0;
  for (const edit of edits) {
    edited += text.slice(from, edit.from) + edit.text;
    from = edit.to;
  }
  return edited + text.slice(from);
}

/** Where a place in a text is after some edits; to be asked from the beginning to the end. */
export function movedPlaces(edits: readonly TextEdit[]): (at: number) => number {
  let next = 0;
  let shift = 0;
  return (at) => {
    for (let edit = edits[next]; edit !== undefined && edit.from < at; edit = edits[next]) {
      // A piece that ended within what was replaced ends behind it.
      if (edit.to > at) return edit.from + shift + edit.text.length;
      shift += edit.text.length - (edit.to - edit.from);
      next += 1;
    }
    return at + shift;
  };
}

/** The plan with other content, its pieces ending where `placeOf` says that the old ones now end. */
function withContent(plan: Plan, bytes: Uint8Array, placeOf: (at: number) => number): Step[] {
  const last = plan.findLastIndex(({ kind }) => kind === 'chunk');
  let [was, sent] = [0, 0];
  return plan.flatMap((step, at): Step[] => {
    if (step.kind !== 'chunk') return [step];
    was += step.bytes.length;
    const to = at === last ? bytes.length : placeOf(was);
    const piece = bytes.subarray(sent, to);
    sent = Math.max(sent, to);
    return piece.length === 0 ? [] : [{ kind: 'chunk', bytes: piece }];
  });
}

function adjusted(headers: FlatHeaders, length: number): FlatHeaders {
  let kept: FlatHeaders = headers;
  for (const name of OF_THE_BYTES) {
    if (name !== 'content-length' && fieldValue(kept, name) !== undefined) {
      kept = withoutField(kept, name);
    }
  }
  return kept.map((text, at) =>
    at % 2 === 1 && kept[at - 1]?.toLowerCase() === 'content-length' ? String(length) : text,
  );
}

/** A part of a whole, and content that is cut at a byte, have their places by the byte. */
function isWhole(plan: Plan, { status, framing }: HeadStep): boolean {
  if (status === 206 || framing === 'none') return false;
  return framing !== 'length' || plan.at(-1)?.kind === 'end';
}

function typeOf(lines: readonly HeaderLine[], bytes: Uint8Array): string | null {
  const type = mediaType(lines);
  if (isAsciiText(type, charsetOf(lines))) return type;
  // Many a server names no type for its JSON.
  return type === '' && (bytes[0] === 0x7b || bytes[0] === 0x5b) ? 'application/json' : null;
}

interface Coded {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly codings: readonly string[];
}

function recoded({ bytes, codings }: Coded, edited: string): Uint8Array | null {
  const plain = Buffer.from(edited, 'latin1');
  return codings.length === 0 ? plain : encodeBody(plain, codings, bytes);
}

/**
 * Changes the content of an answer if it is text: compressed content is decompressed and compressed
 * again, each piece of a stream keeps what was in it as far as it is not compressed, and the length is
 * put right. Returns the plan it was given when nothing changes.
 */
export function withEditedBody(plan: Plan, editOf: EditOf): Plan {
  const head = headOf(plan);
  if (head === undefined || isOwn(head) || !isWhole(plan, head)) return plan;
  const lines = toLines(head.headers);
  const bytes = contentOf(plan);
  const codings = contentCodings(lines);
  const decoded = decodeBody({ bytes, size: bytes.length }, lines);
  if (!decoded.complete || !decoded.isPlain) return plan;
  const type = typeOf(lines, decoded.bytes);
  if (type === null) return plan;
  const text = Buffer.from(decoded.bytes).toString('latin1');
  const edits = editOf(text, type);
  if (edits.length === 0) return plan;
  const edited = recoded({ text, bytes, codings }, withEdits(text, edits));
  if (edited === null) return plan;
  const ratio = edited.length / bytes.length;
  const placeOf =
    codings.length === 0 ? movedPlaces(edits) : (at: number): number => Math.round(at * ratio);
  const headers = adjusted(head.headers, edited.length);
  return withContent(plan, edited, placeOf).map((step) =>
    step === head ? { ...head, headers } : step,
  );
}

/** Changes the header fields of an answer. Returns the plan it was given when nothing changes. */
export function withEditedFields(plan: Plan, edit: (headers: FlatHeaders) => FlatHeaders): Plan {
  const head = headOf(plan);
  if (head === undefined || isOwn(head)) return plan;
  const headers = edit(head.headers);
  if (headers === head.headers) return plan;
  return plan.map((step) => (step === head ? { ...head, headers } : step));
}

/** Each field's value as `change` has it; the same list when all stay. */
export function changedValues(
  headers: FlatHeaders,
  change: (name: string, value: string) => string,
): FlatHeaders {
  const changed = headers.map((text, at) =>
    at % 2 === 0 ? text : change(headers[at - 1]?.toLowerCase() ?? '', text),
  );
  return changed.every((text, at) => text === headers[at]) ? headers : changed;
}
