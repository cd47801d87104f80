import { visible } from '@calltape/store';

declare const SAFE: unique symbol;

/**
 * Text that a terminal only prints: nothing in it acts, hides, reorders, or takes another number of
 * cells than `cellWidth` says. Made in this file alone; views take nothing else.
 */
export type Safe = string & { readonly [SAFE]: true };

// Terminals disagree on how many cells these take: enclosing marks (keycaps), skin tones, halves of
// flags, and Hangul letters that join the one before them.
const AMBIGUOUS = /[\p{Me}\u{1f3fb}-\u{1f3ff}\u{1f1e6}-\u{1f1ff}\u1160-\u11ff\ud7b0-\ud7fb]/gu;

// A mark at the start of a line would settle on whatever is drawn before it.
const LEADING_MARK = /^\p{M}/gmu;

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `‹${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

// What acts on a terminal; nothing that calls itself safe may hold it, however it was made.
const ACTING = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const ALL_ACTING = new RegExp(ACTING, 'gu');

function isSafe(text: string): text is Safe {
  return !ACTING.test(text);
}

function asSafe(text: string): Safe {
  return isSafe(text) ? text : asSafe(text.replaceAll(ALL_ACTING, spell));
}

function settle(text: string): Safe {
  return asSafe(text.replace(AMBIGUOUS, spell).replace(LEADING_MARK, spell));
}

/** One line of text from a tape: control, escape, bidi and invisible characters made visible. */
export function show(text: string): Safe {
  return settle(visible(text));
}

/** The same for a body: its line feeds stay, its tabs become spaces. */
export function showLines(text: string): Safe[] {
  return visible(text.replaceAll('\r\n', '\n'), true).split('\n').map(settle);
}

/** The program's own words, with safe text and numbers put in. */
export function safe(words: TemplateStringsArray, ...values: readonly (Safe | number)[]): Safe {
  return asSafe(String.raw({ raw: words }, ...values));
}

/** Safe pieces side by side. */
export function join(pieces: readonly Safe[], between: Safe = safe``): Safe {
  return asSafe(pieces.join(between));
}

/** One safe piece, several times. */
export function repeat(piece: Safe, times: number): Safe {
  return asSafe(piece.repeat(Math.max(0, times)));
}

/** Part of a safe text; the indices lie between characters. */
export function slice(text: Safe, start: number, end?: number): Safe {
  return asSafe(text.slice(start, end));
}
