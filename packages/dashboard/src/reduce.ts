import { indexOf } from './call-list.ts';
import { endpointFilter } from './endpoint-filter.ts';
import { endpointKey, SORTS } from './endpoint-order.ts';
import type { Action } from './keys.ts';
import { promptWith } from './prompt.ts';
import { ruleIndex } from './rule-index.ts';
import {
  CALLS,
  current,
  FAULTS,
  OVERVIEW,
  type Place,
  type PromptFor,
  type Seen,
  type State,
  type Visit,
} from './state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOWS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
] as const;

function withPlace(state: State, place: Place): State {
  const [first, ...more] = state.visits;
  const { filter } = current(state);
  const before = more.length === 0 ? [] : [first, ...more.slice(0, -1)];
  return withVisits(state, [...before, { place, filter }]);
}

function withVisits(state: State, visits: readonly Visit[]): State {
  const [first, ...more] = visits;
  return first === undefined ? state : { ...state, visits: [first, ...more] };
}

function push(state: State, place: Place, filter = current(state).filter): State {
  return withVisits(state, [...state.visits, { place, filter }]);
}

function pop(state: State): State {
  return withVisits(state, state.visits.slice(0, -1));
}

/** Screens by number start a new way; the filter of the first step stays. */
function jump(state: State, place: Place): State {
  const [first] = state.visits;
  const stays = first.place.name === place.name;
  return withVisits(state, [stays ? first : { place, filter: first.filter }]);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

type Step = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

const STEPS: Readonly<Record<Step, (page: number) => number>> = {
  up: () => -1,
  down: () => 1,
  pageUp: (page) => -Math.max(1, page - 1),
  pageDown: (page) => Math.max(1, page - 1),
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
};

function moveCalls(
  place: Extract<Place, { name: 'calls' }>,
  by: number,
  { calls, page }: Seen,
): Place {
  const last = calls.rows.length - 1;
  if (last < 0) return place;
  const at = place.follow || place.call === null ? last : indexOf(calls, place.call);
  const row = place.follow ? page - 1 : place.row;
  const next = clamp(at + by, 0, last);
  const call = calls.rows[next]?.id ?? null;
  return {
    ...place,
    call,
    row: clamp(row + by, 0, page - 1),
    follow: by === Number.POSITIVE_INFINITY,
  };
}

function moveEndpoints(
  place: Extract<Place, { name: 'overview' }>,
  by: number,
  { endpoints, page }: Seen,
): Place {
  const last = endpoints.length - 1;
  const at = endpoints.findIndex(({ endpoint }) => endpointKey(endpoint) === place.endpoint);
  // The first press selects the first line, whichever way it goes.
  const next = endpoints[at === -1 && by < 2 ? 0 : clamp(at + by, 0, last)];
  const row = at === -1 && by < 2 ? 0 : clamp(place.row + by, 0, page - 1);
  return next === undefined ? place : { ...place, endpoint: endpointKey(next.endpoint), row };
}

function moveRules(
  place: Extract<Place, { name: 'faults' }>,
  by: number,
  { rules, page }: Seen,
): Place {
  const next = clamp(ruleIndex(place, rules) + by, 0, rules.length - 1);
  const rule = rules[next]?.id ?? null;
  return { ...place, rule, row: clamp(place.row + by, 0, page - 1) };
}

function moveText<Text extends Extract<Place, { scroll: number }>>(
  place: Text,
  by: number,
  { length, page }: Seen,
): Text {
  return { ...place, scroll: clamp(place.scroll + by, 0, Math.max(0, length - page)) };
}

function move(state: State, by: number, seen: Seen): State {
  const { place } = current(state);
  if (place.name === 'calls') return withPlace(state, moveCalls(place, by, seen));
  if (place.name === 'overview') return withPlace(state, moveEndpoints(place, by, seen));
  if (place.name === 'faults') return withPlace(state, moveRules(place, by, seen));
  return withPlace(state, moveText(place, by, seen));
}

function open(state: State, seen: Seen): State {
  const { place, filter } = current(state);
  if (place.name === 'calls') {
    const newest = seen.calls.rows.at(-1)?.id ?? null;
    const call = place.follow ? newest : (place.call ?? newest);
    return call === null ? state : push(state, { name: 'detail', call, scroll: 0 });
  }
  if (place.name !== 'overview') return state;
  const found = seen.endpoints.find(({ endpoint }) => endpointKey(endpoint) === place.endpoint);
  const chosen = found ?? seen.endpoints[0];
  return chosen === undefined ? state : push(state, CALLS, endpointFilter(chosen.endpoint, filter));
}

/** To where the next part of a text begins, or the one before; from an end to the other. */
function toPart(state: State, by: 1 | -1, { length, page, parts }: Seen): State {
  const { place } = current(state);
  if (place.name !== 'detail') return state;
  const most = Math.max(0, length - page);
  const starts = [0, ...parts].map((start) => Math.min(start, most));
  const scroll =
    by === 1
      ? (starts.find((start) => start > place.scroll) ?? 0)
      : (starts.findLast((start) => start < place.scroll) ?? most);
  return withPlace(state, { ...place, scroll });
}

/** To the next call or the one before without going back; the list below goes along. */
function toCall(state: State, by: 1 | -1, { calls }: Seen): State {
  const { place, filter } = current(state);
  const below = state.visits.at(-2);
  if (place.name !== 'detail' || below?.place.name !== 'calls') return state;
  const call = calls.rows[indexOf(calls, place.call) + by]?.id;
  if (call === undefined) return state;
  const list: Visit = { ...below, place: { ...below.place, call, follow: false } };
  const detail: Visit = { place: { name: 'detail', call, scroll: 0 }, filter };
  return withVisits(state, [...state.visits.slice(0, -2), list, detail]);
}

function back(state: State): State {
  return state.visits.length > 1 ? pop(state) : { ...state, ended: true };
}

function escape(state: State): State {
  if (state.visits.length > 1) return pop(state);
  const { place, filter } = current(state);
  if (place.name === 'overview' && place.endpoint !== null) return withPlace(state, OVERVIEW);
  return filter === '' ? state : withVisits(state, [{ place, filter: '' }]);
}

function follow(state: State, { calls }: Seen): State {
  const { place } = current(state);
  if (place.name !== 'calls') return state;
  const call = place.follow ? (calls.rows.at(-1)?.id ?? null) : place.call;
  return withPlace(state, { ...place, call, follow: !place.follow });
}

function asking(state: State, promptFor: PromptFor, text = ''): State {
  return { ...state, prompt: promptWith(text), promptFor };
}

function nextWindow(state: State): State {
  const windowMs = WINDOWS_MS.find((one) => one > state.windowMs) ?? WINDOWS_MS[0];
  return { ...state, windowMs, fixedWindow: true };
}

type Change = (state: State, seen: Seen) => State;

const CHANGES: Readonly<Record<Exclude<Action, Step>, Change>> = {
  overview: (state) => jump(state, OVERVIEW),
  calls: (state) => jump(state, CALLS),
  faults: (state) => jump(state, FAULTS),
  open,
  nextPart: (state, seen) => toPart(state, 1, seen),
  previousPart: (state, seen) => toPart(state, -1, seen),
  nextCall: (state, seen) => toCall(state, 1, seen),
  previousCall: (state, seen) => toCall(state, -1, seen),
  back,
  escape,
  follow,
  filter: (state) => asking(state, 'filter', current(state).filter),
  newRule: (state) => asking(state, 'rule'),
  profile: (state) => asking(state, 'profile'),
  // These are for the mock alone.
  turn: (state) => state,
  resetMock: (state) => state,
  pause: (state) => ({ ...state, paused: !state.paused }),
  sort: (state) => ({
    ...state,
    sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'calls',
  }),
  window: nextWindow,
  help: (state) => push(state, { name: 'help', scroll: 0 }),
  redraw: (state) => state,
  quit: (state) => ({ ...state, ended: true }),
};

function isStep(action: Action): action is Step {
  return action in STEPS;
}

/** What a key's action makes of the state. */
export function reduce(state: State, action: Action, seen: Seen): State {
  if (isStep(action)) return move(state, STEPS[action](seen.page), seen);
  return CHANGES[action](state, seen);
}

/** Uses the typed text as the filter of what is on the screen. */
export function applyFilter(state: State, filter: string): State {
  const { place } = current(state);
  const fresh = place.name === 'calls' ? CALLS : OVERVIEW;
  return {
    ...withVisits(state, [...state.visits.slice(0, -1), { place: fresh, filter }]),
    prompt: null,
  };
}
