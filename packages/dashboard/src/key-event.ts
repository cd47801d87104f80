/** A key as the dashboard knows it. */
export interface Key {
  /** `j`, `G`, `enter`, `pagedown`, `ctrl-l`; empty for text that is no single key. */
  readonly name: string;
  /** What it types; empty for a key that types nothing. */
  readonly text: string;
}

/** The parts of Ink's key that matter here. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly eventType?: 'press' | 'repeat' | 'release' | undefined;
}

const NAMED = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageDown: 'pagedown',
  pageUp: 'pageup',
  home: 'home',
  end: 'end',
  return: 'enter',
  escape: 'escape',
  tab: 'tab',
  backspace: 'backspace',
  delete: 'delete',
} as const satisfies Partial<Record<keyof InkKey, string>>;

type NamedKey = keyof typeof NAMED;

function isNamed(name: string): name is NamedKey {
  return name in NAMED;
}

function textKey(text: string): Key {
  return { name: Array.from(text).length === 1 ? text : '', text };
}

/**
 * The keys that one event of Ink stands for. A key held down arrives as several characters at once;
 * other text of several characters is typed into a prompt, and is no command.
 */
export function keysOf(input: string, key: InkKey): Key[] {
  if (key.eventType === 'release' || key.meta) return [];
  const named = Object.keys(NAMED).filter(isNamed);
  const found = named.find((one) => key[one]);
  if (found !== undefined) return [{ name: NAMED[found], text: '' }];
  if (input === '') return [];
  if (key.ctrl) return [{ name: `ctrl-${input.toLowerCase()}`, text: '' }];
  const characters = Array.from(input);
  const isHeld = characters.every((one) => one === characters[0]);
  return isHeld ? characters.map(textKey) : [textKey(input)];
}
