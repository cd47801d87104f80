import type { EndpointFigures } from '@calltape/health';
import type { CallList } from './call-list.ts';
import type { EndpointSort } from './endpoint-order.ts';
import type { MockRule } from './mock-control.ts';
import type { Prompt } from './prompt.ts';

/** A screen, and where the user is in it. `row` is the selected line's place on the screen. */
export type Place =
  | { readonly name: 'overview'; readonly endpoint: string | null; readonly row: number }
  | {
      readonly name: 'calls';
      readonly call: number | null;
      readonly row: number;
      /** The newest call stays selected and in view. */
      readonly follow: boolean;
    }
  | { readonly name: 'detail'; readonly call: number; readonly scroll: number }
  | { readonly name: 'faults'; readonly rule: number | null; readonly row: number }
  | { readonly name: 'help'; readonly scroll: number };

export type ScreenName = Place['name'];

/** What is typed into the line at the bottom. */
export type PromptFor = 'filter' | 'rule' | 'profile';

/** One step of the way back. */
export interface Visit {
  readonly place: Place;
  /** The filter as the user wrote it; empty for none. */
  readonly filter: string;
}

/** What the user has chosen. Nothing in here comes from the tape. */
export interface State {
  /** Never empty; the last one is on the screen. */
  readonly visits: readonly [Visit, ...Visit[]];
  /** The text being typed, and what it is. */
  readonly prompt: Prompt | null;
  readonly promptFor: PromptFor;
  /** The picture stands still; recording goes on. */
  readonly paused: boolean;
  readonly windowMs: number;
  /** The window was chosen, by option or key. */
  readonly fixedWindow: boolean;
  readonly sort: EndpointSort;
  readonly ended: boolean;
}

/** What was on the screen when a key was pressed. */
export interface Seen {
  readonly calls: CallList;
  /** In the order shown. */
  readonly endpoints: readonly EndpointFigures[];
  /** Of the mock whose answers are watched. */
  readonly rules: readonly MockRule[];
  /** Lines of the list or text that were visible. */
  readonly page: number;
  /** Lines of the text in all. */
  readonly length: number;
  /** Lines of the text that its parts begin at. */
  readonly parts: readonly number[];
}

export function current(state: State): Visit {
  return state.visits.at(-1) ?? state.visits[0];
}

export const OVERVIEW: Place = { name: 'overview', endpoint: null, row: 0 };
export const CALLS: Place = { name: 'calls', call: null, row: 0, follow: true };

export const FAULTS: Place = { name: 'faults', rule: null, row: 0 };

export function initialState(windowMs: number, fixedWindow: boolean): State {
  return {
    visits: [{ place: OVERVIEW, filter: '' }],
    prompt: null,
    promptFor: 'filter',
    paused: false,
    windowMs,
    fixedWindow,
    sort: 'calls',
    ended: false,
  };
}
