/** A key as the dashboard knows it. */
export interface Key {
  /** `j`, `G`, `enter`, `pagedown`, `ctrl-l`. */
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
  readonly shift: boolean;
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

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
};

function controlKey(character: string): Key {
  const letter = String.fromCodePoint(96 + (character.codePointAt(0) ?? 0));
  return { name: CONTROL_NAMES[character] ?? `ctrl-${letter}`, text: '' };
}

function typedKey(character: string): Key {
  return /\p{Cc}/u.test(character) ? controlKey(character) : { name: character, text: character };
}

/**
 * The keys that one event of Ink stands for. What was typed while the program was busy, or came over
 * a slow line, arrives as several characters at once, Enter included; pasted text does not come this
 * way where the terminal marks it.
 */
export function keysOf(input: string, key: InkKey): Key[] {
  if (key.eventType === 'release' || key.meta) return [];
  if (key.tab && key.shift) return [{ name: 'shift-tab', text: '' }];
  const named = Object.keys(NAMED).filter(isNamed);
  const found = named.find((one) => key[one]);
  if (found !== undefined) return [{ name: NAMED[found], text: '' }];
  if (input === '') return [];
  if (key.ctrl) return [{ name: `ctrl-${input.toLowerCase()}`, text: '' }];
  return Array.from(input).map(typedKey);
}
