import { join, repeat, safe, type Safe, slice } from './safe.ts';

// East Asian Wide and Fullwidth (Unicode standard annex 11), and emoji that are drawn as pictures.
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const MARK = /\p{Mn}/u;
const ASCII = /^[ -~]*$/;

function characterWidth(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many terminal cells the text takes. */
export function cellWidth(text: Safe): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function take(text: Safe, width: number): Safe {
  let room = width;
  let length = 0;
  for (const character of text) {
    room -= characterWidth(character);
    if (room < 0) break;
    length += character.length;
  }
  return slice(text, 0, length);
}

function takeEnd(text: Safe, width: number): Safe {
  let room = width;
  let start = text.length;
  for (const character of Array.from(text).toReversed()) {
    room -= characterWidth(character);
    if (room < 0) break;
    start -= character.length;
  }
  // A mark without its base would settle on the cell before it.
  while (MARK.test(text.charAt(start))) start += 1;
  return slice(text, start);
}

/** At most `width` cells; what was cut at the end is told by `more`. */
export function truncate(text: Safe, width: number, more: Safe): Safe {
  if (cellWidth(text) <= width) return text;
  if (width < cellWidth(more)) return take(text, width);
  return join([take(text, width - cellWidth(more)), more]);
}

/** At most `width` cells; what was cut at the start is told by `more`. */
export function truncateStart(text: Safe, width: number, more: Safe): Safe {
  if (cellWidth(text) <= width) return text;
  return join([more, takeEnd(text, width - cellWidth(more))]);
}

/** At most `width` cells, cut in the middle: the end of a path tells more than its middle. */
export function truncateMiddle(text: Safe, width: number, more: Safe): Safe {
  if (cellWidth(text) <= width) return text;
  const room = width - cellWidth(more);
  if (room < 2) return truncate(text, width, more);
  const end = Math.ceil(room * 0.6);
  return join([take(text, room - end), more, takeEnd(text, end)]);
}

/** Exactly `width` cells, or more when the text is longer than that. */
export function padEnd(text: Safe, width: number): Safe {
  return join([text, repeat(safe` `, width - cellWidth(text))]);
}

/** The same with the text at the right. */
export function padStart(text: Safe, width: number): Safe {
  return join([repeat(safe` `, width - cellWidth(text)), text]);
}

/** The text in pieces of at most `width` cells; at least one, which may be empty. */
export function wrap(text: Safe, width: number): Safe[] {
  if (text.length <= width && ASCII.test(text)) return [text];
  const pieces: Safe[] = [];
  let start = 0;
  let end = 0;
  let used = 0;
  for (const character of text) {
    const wide = characterWidth(character);
    if (used + wide > width && end > start) {
      pieces.push(slice(text, start, end));
      start = end;
      used = 0;
    }
    used += wide;
    end += character.length;
  }
  return [...pieces, slice(text, start)];
}
