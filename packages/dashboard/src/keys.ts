import { safe, type Safe } from './safe.ts';
import type { ScreenName } from './state.ts';

export type Action =
  | 'overview'
  | 'calls'
  | 'faults'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'open'
  | 'nextPart'
  | 'previousPart'
  | 'nextCall'
  | 'previousCall'
  | 'back'
  | 'escape'
  | 'filter'
  | 'follow'
  | 'pause'
  | 'sort'
  | 'turn'
  | 'newRule'
  | 'profile'
  | 'resetMock'
  | 'window'
  | 'help'
  | 'redraw'
  | 'quit';

export interface Binding {
  readonly action: Action;
  /** Names as `keyName` gives them. */
  readonly keys: readonly string[];
  /** The keys as a person reads them. */
  readonly label: Safe;
  /** What it does, for the help screen. */
  readonly help: Safe;
  /** Where it does something. */
  readonly screens: readonly ScreenName[];
  /** A word for the line at the bottom; without one it is only in the help. */
  readonly hint?: Safe;
}

const EVERYWHERE: readonly ScreenName[] = ['overview', 'calls', 'faults', 'detail', 'help'];
const LISTS: readonly ScreenName[] = ['overview', 'calls'];
const FIRST: readonly ScreenName[] = ['overview', 'calls', 'faults'];
const INSIDE: readonly ScreenName[] = ['detail', 'help'];

/**
 * Every key of the dashboard. Key handling, the line at the bottom and the help screen all come from
 * here. To add a key, add a line, and its action to `reduce`.
 */
export const BINDINGS: readonly Binding[] = [
  {
    action: 'overview',
    keys: ['1'],
    label: safe`1`,
    help: safe`overview: rate, errors, duration, endpoints`,
    screens: EVERYWHERE,
    hint: safe`overview`,
  },
  {
    action: 'calls',
    keys: ['2'],
    label: safe`2`,
    help: safe`calls, newest at the bottom`,
    screens: EVERYWHERE,
    hint: safe`calls`,
  },
  {
    action: 'faults',
    keys: ['5'],
    label: safe`5`,
    help: safe`fault rules of the mock, and what it missed`,
    screens: EVERYWHERE,
    hint: safe`faults`,
  },
  {
    action: 'up',
    keys: ['k', 'up'],
    label: safe`k Up`,
    help: safe`one line up`,
    screens: EVERYWHERE,
  },
  {
    action: 'down',
    keys: ['j', 'down'],
    label: safe`j Down`,
    help: safe`one line down`,
    screens: EVERYWHERE,
  },
  {
    action: 'pageUp',
    keys: ['pageup', 'ctrl-b', 'ctrl-u'],
    label: safe`PgUp`,
    help: safe`one page up`,
    screens: EVERYWHERE,
  },
  {
    action: 'pageDown',
    keys: ['pagedown', 'ctrl-f', 'ctrl-d'],
    label: safe`PgDn`,
    help: safe`one page down`,
    screens: EVERYWHERE,
  },
  {
    action: 'first',
    keys: ['g', 'home'],
    label: safe`g Home`,
    help: safe`to the first, the oldest call`,
    screens: EVERYWHERE,
  },
  {
    action: 'last',
    keys: ['G', 'end'],
    label: safe`G End`,
    help: safe`to the last, the newest call`,
    screens: EVERYWHERE,
  },
  {
    action: 'open',
    keys: ['enter'],
    label: safe`Enter`,
    help: safe`open: an endpoint's calls, a call's details`,
    screens: LISTS,
    hint: safe`open`,
  },
  {
    action: 'turn',
    keys: [' ', 'enter'],
    label: safe`Space`,
    help: safe`switch the rule on or off`,
    screens: ['faults'],
    hint: safe`on/off`,
  },
  {
    action: 'newRule',
    keys: ['n', '+'],
    label: safe`n`,
    help: safe`type a new rule`,
    screens: ['faults'],
    hint: safe`new`,
  },
  {
    action: 'profile',
    keys: ['P'],
    label: safe`P`,
    help: safe`type the name of a profile, or none`,
    screens: ['faults'],
    hint: safe`profile`,
  },
  {
    action: 'resetMock',
    keys: ['R'],
    label: safe`R`,
    help: safe`play recordings from their beginning, count anew`,
    screens: ['faults'],
    hint: safe`reset`,
  },
  {
    action: 'nextPart',
    keys: ['tab'],
    label: safe`Tab`,
    help: safe`to the next part: headers, body`,
    screens: ['detail'],
    hint: safe`next part`,
  },
  {
    action: 'previousPart',
    keys: ['shift-tab'],
    label: safe`Shift-Tab`,
    help: safe`to the part before`,
    screens: ['detail'],
  },
  {
    action: 'nextCall',
    keys: ['n'],
    label: safe`n`,
    help: safe`the next call of the list`,
    screens: ['detail'],
    hint: safe`next call`,
  },
  {
    action: 'previousCall',
    keys: ['N'],
    label: safe`N`,
    help: safe`the call before`,
    screens: ['detail'],
  },
  {
    action: 'filter',
    keys: ['/', 'f'],
    label: safe`/`,
    help: safe`filter all that is shown`,
    screens: LISTS,
    hint: safe`filter`,
  },
  {
    action: 'follow',
    keys: ['F'],
    label: safe`F`,
    help: safe`follow: keep the newest call in view`,
    screens: ['calls'],
    hint: safe`follow`,
  },
  {
    action: 'sort',
    keys: ['s'],
    label: safe`s`,
    help: safe`sort endpoints by calls, errors or p95`,
    screens: ['overview'],
    hint: safe`sort`,
  },
  {
    action: 'window',
    keys: ['z'],
    label: safe`z`,
    help: safe`window of the figures: 1m 5m 15m 1h 6h 24h`,
    screens: LISTS,
    hint: safe`window`,
  },
  {
    action: 'pause',
    keys: ['p'],
    label: safe`p`,
    help: safe`pause the picture; recording goes on`,
    screens: ['overview', 'calls', 'detail', 'help'],
    hint: safe`pause`,
  },
  {
    action: 'pause',
    keys: ['p'],
    label: safe`p`,
    help: safe`pause the picture; the mock goes on`,
    screens: ['faults'],
  },
  {
    action: 'escape',
    keys: ['escape'],
    label: safe`Esc`,
    help: safe`back; on the first screen, clear the filter`,
    screens: EVERYWHERE,
  },
  {
    action: 'redraw',
    keys: ['ctrl-l'],
    label: safe`ctrl-l`,
    help: safe`draw the screen anew`,
    screens: EVERYWHERE,
  },
  {
    action: 'help',
    keys: ['?'],
    label: safe`?`,
    help: safe`this help`,
    screens: ['overview', 'calls', 'faults', 'detail'],
    hint: safe`help`,
  },
  {
    action: 'back',
    keys: ['q'],
    label: safe`q`,
    help: safe`back; on the first screen, quit`,
    screens: FIRST,
    hint: safe`quit`,
  },
  {
    action: 'back',
    keys: ['q', 'h', 'left', 'backspace'],
    label: safe`q Esc`,
    help: safe`back to where you came from`,
    screens: INSIDE,
    hint: safe`back`,
  },
  {
    action: 'quit',
    keys: ['ctrl-c'],
    label: safe`ctrl-c`,
    help: safe`quit`,
    screens: EVERYWHERE,
  },
];

/** What a key does on a screen; undefined for a key that does nothing there. */
export function actionOf(key: string, screen: ScreenName): Action | undefined {
  return BINDINGS.find(({ keys, screens }) => keys.includes(key) && screens.includes(screen))
    ?.action;
}
