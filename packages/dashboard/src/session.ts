import type { EndpointFigures } from '@calltape/health';
import { draw } from './draw.ts';
import { endpointKey, keepOrder, sortEndpoints } from './endpoint-order.ts';
import { Feed, type Wanted } from './feed.ts';
import { filterOf, filterWords } from './filter-text.ts';
import type { Key } from './key-event.ts';
import { type Action, actionOf } from './keys.ts';
import { type Line, paint } from './line.ts';
import { MockDesk } from './mock-desk.ts';
import { DEFAULT_WINDOW_MS, type DashboardOptions, glyphsOf } from './options.ts';
import type { Picture } from './picture.ts';
import { edit, insert } from './prompt.ts';
import { profileWords } from './profile-words.ts';
import { applyFilter, reduce } from './reduce.ts';
import { ruleIndex } from './rule-index.ts';
import type { Drawn, OpenedCall, Scene } from './scene.ts';
import { current, initialState, type Seen, type State } from './state.ts';
import type { Theme } from './theme.ts';

/** How often figures that change with the clock alone are shown anew. */
const CLOCK_MS = 1000;
const RESORT_MS = 3000;
/** How near to the end of what was read the selection may come before more is read. */
const READ_AHEAD = 200;

function sameQuery(one: State, other: State): boolean {
  return (
    current(one).filter === current(other).filter &&
    one.windowMs === other.windowMs &&
    one.fixedWindow === other.fixedWindow
  );
}

function isUp(action: Action): boolean {
  return action === 'up' || action === 'pageUp';
}

function isDown(action: Action): boolean {
  return action === 'down' || action === 'pageDown';
}

/** One user looking at one tape: keys and time in, lines out. */
export class Session {
  readonly #feed: Feed;
  readonly #desk: MockDesk;
  readonly #options: DashboardOptions;
  #state: State;
  #picture: Picture;
  #order: readonly string[] = [];
  #orderedMs = 0;
  #opened: OpenedCall | null = null;
  #waiting = 0;
  #drawn: Drawn = { lines: [], page: 1, length: 0 };

  /** @throws TapeError when the tape cannot be opened. */
  constructor(options: DashboardOptions, nowMs: number) {
    this.#options = options;
    this.#desk = new MockDesk(options.mock ?? (() => null));
    const windowMs = options.sinceMs ?? DEFAULT_WINDOW_MS;
    this.#state = initialState(windowMs, options.sinceMs !== undefined);
    this.#feed = new Feed(options.file, options.recording, this.#wanted(), nowMs);
    this.#feed.poll(nowMs);
    this.#picture = this.#feed.picture(nowMs);
    this.#sort(nowMs);
  }

  get ended(): boolean {
    return this.#state.ended;
  }

  get picture(): Picture {
    return this.#picture;
  }

  /** Looks at the tape and the clock; true when the screen has to change. */
  tick(nowMs: number): boolean {
    const isTold = this.#isAtFaults() && this.#desk.poll(nowMs);
    if (this.#state.paused) return this.#countWaiting() || isTold;
    const isNew = this.#feed.poll(nowMs) || isTold;
    const isClockDue = this.#picture.span.kind === 'last' && nowMs - this.#picture.atMs >= CLOCK_MS;
    if (!isNew && !isClockDue) return false;
    this.#look(nowMs);
    return true;
  }

  /** A key; true when the screen has to change. */
  press(key: Key, nowMs: number): boolean {
    if (key.name === 'ctrl-c') return this.#become({ ...this.#state, ended: true }, nowMs);
    if (this.#state.prompt !== null) return this.#type(key, nowMs);
    const action = actionOf(key.name, current(this.#state).place.name);
    if (action === undefined) return false;
    if (action === 'turn' || action === 'resetMock') return this.#tell(action);
    this.#readFor(action);
    return this.#become(reduce(this.#state, action, this.#seen()), nowMs);
  }

  /** Pasted text goes into the line that is being typed, and nowhere else. */
  paste(text: string): boolean {
    const { prompt } = this.#state;
    if (prompt === null) return false;
    this.#state = { ...this.#state, prompt: insert(prompt, text) };
    return true;
  }

  /** The screen, as what to write for each of its lines. */
  lines(columns: number, rows: number, theme: Theme): string[] {
    this.#drawn = draw(this.#scene(columns, rows));
    return this.#drawn.lines.map((line: Line) => paint(line, columns, theme));
  }

  close(): void {
    this.#feed.close();
  }

  #wanted(): Wanted {
    const { windowMs, fixedWindow } = this.#state;
    return { filter: filterOf(current(this.#state).filter), windowMs, fixedWindow };
  }

  #scene(columns: number, rows: number): Scene {
    return {
      state: this.#state,
      picture: this.#picture,
      endpoints: this.#endpoints(),
      opened: this.#opened,
      mock: this.#desk.view,
      waiting: this.#waiting,
      glyphs: glyphsOf(this.#options),
      columns,
      rows,
    };
  }

  #endpoints(): EndpointFigures[] {
    return keepOrder(this.#picture.health.endpoints, this.#order);
  }

  #seen(): Seen {
    const { page, length, parts = [] } = this.#drawn;
    const rules = this.#desk.view.now?.rules ?? [];
    return { calls: this.#picture.list, endpoints: this.#endpoints(), rules, page, length, parts };
  }

  #type({ name, text }: Key, nowMs: number): boolean {
    const { prompt } = this.#state;
    if (prompt === null) return false;
    if (name === 'escape') return this.#become({ ...this.#state, prompt: null }, nowMs);
    if (name !== 'enter') {
      const next = text === '' ? edit(prompt, name) : insert(prompt, text);
      return this.#become({ ...this.#state, prompt: next }, nowMs);
    }
    return this.#enter(prompt.text.trim(), nowMs);
  }

  /** Does what was typed. */
  #enter(text: string, nowMs: number): boolean {
    const { promptFor } = this.#state;
    if (promptFor === 'filter') {
      return filterWords(text).isValid && this.#become(applyFilter(this.#state, text), nowMs);
    }
    if (text !== '' && promptFor === 'rule') this.#desk.add(text);
    if (text !== '' && promptFor === 'profile') {
      if (!profileWords(text, this.#desk.view.profiles).isValid) return false;
      this.#desk.setProfile(text);
    }
    return this.#become({ ...this.#state, prompt: null }, nowMs);
  }

  #isAtFaults(): boolean {
    return current(this.#state).place.name === 'faults';
  }

  /** Tells the mock what a key means for it. */
  #tell(action: 'turn' | 'resetMock'): boolean {
    if (action === 'resetMock') return this.#desk.reset();
    const { rules } = this.#seen();
    const rule = rules[ruleIndex(current(this.#state).place, rules)];
    return rule !== undefined && this.#desk.turn(rule);
  }

  /** Reads what a movement may need to see. */
  #readFor(action: Action): void {
    const { place } = current(this.#state);
    if (place.name !== 'calls') return;
    const { rows } = this.#picture.list;
    const at = place.follow ? rows.length - 1 : rows.findIndex(({ id }) => id === place.call);
    if (action === 'first') this.#feed.toStart();
    else if (action === 'last' || action === 'follow') this.#feed.toEnd();
    else if (isUp(action) && at < READ_AHEAD) this.#feed.readOlder();
    else if (isDown(action) && at > rows.length - READ_AHEAD) this.#feed.readNewer();
    this.#picture = this.#feed.relist(this.#picture);
  }

  #become(next: State, nowMs: number): boolean {
    const before = this.#state;
    this.#state = next;
    if (next.ended) return true;
    if (this.#isAtFaults()) this.#desk.poll(nowMs);
    if (!sameQuery(before, next)) this.#ask(nowMs);
    else if (before.paused && !next.paused) this.#resume(nowMs);
    if (before.sort !== next.sort) this.#sort(nowMs);
    this.#open();
    return true;
  }

  #ask(nowMs: number): void {
    this.#feed.show(this.#wanted(), nowMs);
    this.#waiting = 0;
    this.#picture = this.#feed.picture(nowMs);
    this.#sort(nowMs);
  }

  #resume(nowMs: number): void {
    this.#waiting = 0;
    this.#feed.poll(nowMs);
    this.#look(nowMs);
  }

  #look(nowMs: number): void {
    this.#picture = this.#feed.picture(nowMs);
    const { place } = current(this.#state);
    // Lines that move under the cursor would be worse than an order that is a little old.
    const isFree = place.name !== 'overview' || place.endpoint === null;
    if (isFree && nowMs - this.#orderedMs >= RESORT_MS) this.#sort(nowMs);
    if (this.#opened?.outcome === 'pending') this.#opened = null;
    this.#open();
  }

  #sort(nowMs: number): void {
    const sorted = sortEndpoints(this.#picture.health.endpoints, this.#state.sort);
    this.#order = sorted.map(({ endpoint }) => endpointKey(endpoint));
    this.#orderedMs = nowMs;
  }

  #open(): void {
    const { place } = current(this.#state);
    if (place.name !== 'detail') return;
    if (this.#opened?.id === place.call) return;
    this.#opened = this.#feed.exchange(place.call) ?? null;
  }

  #countWaiting(): boolean {
    const waiting = this.#feed.waiting();
    const isNew = waiting !== this.#waiting;
    this.#waiting = waiting;
    return isNew;
  }
}
