/** A piece of text to be put in the place of another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that are in order and do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Where an offset of the old text is in the new one; one inside an edit goes to the edit's end. */
export function movedOffset(offset: number, edits: readonly Edit[]): number {
  let moved = offset;
  for (const { start, end, text } of edits) {
    if (end <= offset) moved += text.length - (end - start);
    else if (start < offset) moved += start + text.length - offset;
  }
  return moved;
}
