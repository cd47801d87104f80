import type { DashboardOptions } from '../src/options.ts';
import { Session } from '../src/session.ts';
import { plainText } from '../src/theme.ts';

const NAMES: ReadonlySet<string> = new Set([
  'enter',
  'escape',
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'tab',
  'shift-tab',
  'backspace',
  'left',
  'ctrl-c',
  'ctrl-u',
]);

/** Somebody at the keyboard, without a terminal: keys in, the text of the screen out. */
export class User {
  readonly session: Session;
  columns = 80;
  rows = 24;

  constructor(options: DashboardOptions) {
    this.session = new Session(options, Date.now());
    this.look();
  }

  /** Presses keys, with the screen drawn after each as on a terminal. */
  press(...keys: readonly string[]): this {
    for (const name of keys) {
      this.session.press({ name, text: NAMES.has(name) ? '' : name }, Date.now());
      this.look();
    }
    return this;
  }

  type(text: string): this {
    return this.press(...Array.from(text));
  }

  /** What the dashboard does four times a second. */
  wait(): this {
    this.session.tick(Date.now());
    return this;
  }

  lines(columns = this.columns, rows = this.rows): string[] {
    [this.columns, this.rows] = [columns, rows];
    return this.session.lines(columns, rows, plainText);
  }

  look(): string {
    return this.lines().join('\n');
  }

  /** The line that looks selected. */
  get selected(): string {
    return this.lines().find((line) => line.startsWith('▸')) ?? '';
  }
}
