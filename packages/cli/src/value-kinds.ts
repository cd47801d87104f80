/** A kind of value a flag can take. */
export interface ValueKind<T> {
  /** What stands for it in the help text. */
  readonly placeholder: string;
  /** Completes "expected ...". */
  readonly expected: string;
  /** Undefined refuses the text. */
  readonly parse: (text: string) => T | undefined;
}

export function anyText(placeholder: string): ValueKind<string> {
  return {
    placeholder,
    expected: 'some text',
    parse: (text) => (text === '' ? undefined : text),
  };
}

export function oneOf<T extends string>(...choices: readonly T[]): ValueKind<T> {
  return {
    placeholder: choices.join('|'),
    expected: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

export const FILE: ValueKind<string> = anyText('FILE');

export const PORT: ValueKind<number> = {
  placeholder: 'PORT',
  expected: 'a whole number from 0 to 65535 (0 picks a free port)',
  parse: (text) => wholeNumber(text, 0, 65_535),
};

export const COUNT: ValueKind<number> = {
  placeholder: 'N',
  expected: 'a whole number above 0',
  parse: (text) => wholeNumber(text, 1, Number.MAX_SAFE_INTEGER),
};

/** Threads that each have all recordings in memory. */
export const WORKERS: ValueKind<number> = {
  placeholder: 'N',
  expected: 'a whole number from 1 to 64',
  parse: (text) => wholeNumber(text, 1, 64),
};

export const SEED: ValueKind<number> = {
  placeholder: 'N',
  expected: 'a whole number from 0 to 4294967295',
  parse: (text) => wholeNumber(text, 0, 0xffff_ffff),
};

export const HOST_PATTERN: ValueKind<string> = {
  placeholder: 'HOST',
  expected: 'a host such as api.example.com, *.example.com or api.example.com:8443',
  parse: (text) =>
    /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::\d{1,5})?$/i.test(text) ? text : undefined,
};

/** A path prefix and the URL that calls below it go to, both still to be checked. */
export interface RouteText {
  readonly prefix: string;
  readonly url: string;
}

export const ROUTE: ValueKind<RouteText> = {
  placeholder: '/PREFIX=URL',
  expected: 'a path and a URL such as /stripe=https://api.stripe.com',
  parse: (text) => {
    const { prefix, url } = /^(?<prefix>(?:\/[^/?#\s=]+)+)\/?=(?<url>.+)$/.exec(text)?.groups ?? {};
    return prefix === undefined || url === undefined ? undefined : { prefix, url };
  },
};

const BYTES_PER: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
};

/** Bytes; `kb`, `mb` and `gb` count in steps of 1024. */
export const SIZE: ValueKind<number> = {
  placeholder: 'SIZE',
  expected: 'a size such as 200kb, 10mb or 1gb',
  parse: (text) => quantity(text, BYTES_PER, 'b'),
};

const MOST_OF_A_MESSAGE = 256 * 1024 ** 2;

/** Bytes of a WebSocket message, which is in memory until its end has come. */
export const MESSAGE_SIZE: ValueKind<number> = {
  placeholder: 'SIZE',
  expected: 'a size up to 256mb, such as 200kb or 10mb',
  parse: (text) => {
    const bytes = SIZE.parse(text);
    return bytes === undefined || bytes > MOST_OF_A_MESSAGE ? undefined : bytes;
  },
};

const MS_PER: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds. */
export const DURATION: ValueKind<number> = {
  placeholder: 'TIME',
  expected: 'a length of time such as 30s, 15m, 2h or 7d',
  parse: (text) => quantity(text, MS_PER, null),
};

/** How many times faster; Infinity does not wait at all. */
export const SPEED: ValueKind<number> = {
  placeholder: 'N|max',
  expected: 'a number above 0 such as 60, or max',
  parse: (text) => {
    if (text === 'max') return Infinity;
    const value = /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
    return value > 0 ? value : undefined;
  },
};

/** As the provider does, not at all, or so many times. */
export const RETRIES: ValueKind<'real' | 'none' | number> = {
  placeholder: 'real|none|N',
  expected: 'real, none or a whole number up to 1000',
  parse: (text) => (text === 'real' || text === 'none' ? text : wholeNumber(text, 0, 1000)),
};

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function quantity(
  text: string,
  units: Readonly<Record<string, number>>,
  withoutUnit: string | null,
): number | undefined {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,3})?)([a-z]*)$/i.exec(text) ?? [];
  const name = unit === '' ? withoutUnit : unit?.toLowerCase();
  const scale = name === null || name === undefined ? undefined : units[name];
  return digits === undefined || scale === undefined
    ? undefined
    : Math.round(Number(digits) * scale);
}
