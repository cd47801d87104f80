import type { EndpointFigures } from '@calltape/health';
import type { Exchange, Message } from '@calltape/store';
import type { Glyphs } from './glyphs.ts';
import type { Line } from './line.ts';
import type { MockView } from './mock-desk.ts';
import type { Picture } from './picture.ts';
import type { State } from './state.ts';

/** A call read from the tape, with the last messages of the WebSocket that it became. */
export interface OpenedCall extends Exchange {
  readonly lastMessages?: readonly Message[];
}

/** All that a view may look at. */
export interface Scene {
  readonly state: State;
  readonly picture: Picture;
  /** In the order to show them. */
  readonly endpoints: readonly EndpointFigures[];
  /** The call that is open, read from the tape. */
  readonly opened: OpenedCall | null;
  /** Calls that have come while the picture stood still. */
  readonly waiting: number;
  /** What is known of the mock whose answers are on the tape. */
  readonly mock: MockView;
  readonly glyphs: Glyphs;
  /** Cells. */
  readonly columns: number;
  readonly rows: number;
}

/** What a view drew. */
export interface Drawn {
  readonly lines: readonly Line[];
  /** Lines of the list or text that are visible. */
  readonly page: number;
  /** Lines of the text in all. */
  readonly length: number;
  /** Lines of the text that its parts begin at. */
  readonly parts?: readonly number[];
}

/** From which line on to show a list whose selected line stands at `row` of the screen. */
export function topOf(selected: number, row: number, length: number, page: number): number {
  const wished = selected - Math.min(row, page - 1);
  return Math.max(0, Math.min(wished, length - page));
}

/** Lines up to a height; blank ones below. */
export function fill(lines: readonly Line[], height: number): Line[] {
  const shown = lines.slice(0, Math.max(0, height));
  return [...shown, ...Array.from({ length: Math.max(0, height - shown.length) }, () => [])];
}
