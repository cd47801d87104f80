import type { Safe } from './safe.ts';

/** What a piece of text is, for its colour. Colour never says anything that a glyph does not. */
export type Role =
  | 'plain'
  | 'strong'
  | 'title'
  | 'frame'
  | 'ok'
  | 'redirect'
  | 'clientError'
  | 'error'
  | 'live'
  | 'injected'
  | 'banner'
  | 'key'
  | 'selected';

/** Turns text and its role into what is written to the terminal. */
export type Theme = (role: Role, text: Safe) => string;

const BOLD = '1';
const DIM = '2';
const INVERSE = '7';
const RED = '31';
const YELLOW = '33';
const MAGENTA = '35';
const CYAN = '36';

// The terminal's own 16 colours, so that light and dark backgrounds both work. No green: red and
// green are what colour-blind people confuse. Dim is for lines between values, never for values.
const COLOURS: Readonly<Record<Role, readonly string[]>> = {
  plain: [],
  strong: [BOLD],
  title: [BOLD],
  frame: [DIM],
  ok: [CYAN],
  redirect: [CYAN],
  clientError: [YELLOW],
  error: [BOLD, RED],
  live: [BOLD, CYAN],
  injected: [MAGENTA],
  banner: [INVERSE, YELLOW],
  key: [BOLD],
  selected: [INVERSE],
};

const ATTRIBUTES: ReadonlySet<string> = new Set([BOLD, DIM, INVERSE]);

function paintWith(keep: (code: string) => boolean): Theme {
  return (role, text) => {
    const codes = COLOURS[role].filter(keep);
    return codes.length === 0 ? text : `\u001b[${codes.join(';')}m${text}\u001b[0m`;
  };
}

export const coloured: Theme = paintWith(() => true);

/** For NO_COLOR: bold, dim and inverse stay, they are not colours. */
export const uncoloured: Theme = paintWith((code) => ATTRIBUTES.has(code));

/** For files and documents: the text alone. */
export const plainText: Theme = (_role, text) => text;
