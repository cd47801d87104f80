/** `*` and `+` repeat no more often than this. */
const MOST_REPEATS = 200;
/** In how many ways a match may be tried at one place of a text. */
const MOST_WAYS = 300;
const MOST_LENGTH = 500;

const TOKEN =
  /(\\[^])|(\[(?:\\[^]|[^\]\\])*\])|(\(\?[^:])|([*+?]|\{(\d{1,6})(,(\d{0,6}))?\})|(\|)|(\))|[^]/gy;

interface Repeats {
  readonly least: number;
  readonly most: number;
}

function repeatsOf(quantifier: string, least = '', range?: string, most = ''): Repeats {
  if (quantifier === '?') return { least: 0, most: 1 };
  if (quantifier === '*') return { least: 0, most: MOST_REPEATS };
  if (quantifier === '+') return { least: 1, most: MOST_REPEATS };
  if (range === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === '' ? Number(least) + MOST_REPEATS : Number(most) };
}

/**
 * A user's regular expression in a form that takes time in proportion to the text, whatever the
 * text: no back-references, no lookaround, no repeated groups, `*` and `+` up to 200 times, and no
 * more than 300 ways to match at one place.
 *
 * @param refusal - Makes the error from the reason.
 * @returns The source of the expression.
 */
export function safePattern(pattern: string, refusal: (why: string) => Error): string {
  if (pattern.length > MOST_LENGTH) throw refusal(`is longer than ${MOST_LENGTH} characters`);
  compiled(pattern, refusal);
  const bounded = boundedPattern(pattern, refusal);
  if (compiled(bounded, refusal).test('')) throw refusal('matches where there is nothing');
  return bounded;
}

function compiled(pattern: string, refusal: (why: string) => Error): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal(`is no regular expression (${reason})`);
  }
}

function boundedPattern(pattern: string, refusal: (why: string) => Error): string {
  let out = '';
  let ways = 1;
  let before = '';
  for (const found of pattern.matchAll(TOKEN)) {
    const [token, escape, , lookaround, quantifier, least, range, most, choice] = found;
    const at = `at character ${found.index + 1}`;
    if (lookaround !== undefined) throw refusal(`has a (?...) ${at} other than (?:`);
    if (escape !== undefined && /[1-9k]/.test(escape)) throw refusal(`refers back ${at}`);
    if (choice !== undefined) ways *= 2;
    if (quantifier === undefined) {
      out += token;
    } else if (before.startsWith('quantifier')) {
      // `+?` asks for as few as possible; it changes no limit.
      out += token;
    } else {
      const repeats = repeatsOf(quantifier, least, range, most);
      if (before === ')' && quantifier !== '?') throw refusal(`repeats a group ${at}`);
      ways *= repeats.most - repeats.least + 1;
      out += `{${repeats.least},${repeats.most}}`;
    }
    if (ways > MOST_WAYS) {
      throw refusal(`may take very long ${at}; use one * or +, or smaller {n,m}`);
    }
    before = quantifier === undefined ? token : 'quantifier';
  }
  return out;
}
