import { nearestWord } from '@calltape/store/nearest-word';
import { MockError } from './errors.ts';
import type { MockErrorCode } from './errors.ts';
import { pathGlob } from './glob.ts';
import { readMatchChoice } from './match-choice.ts';
import type { MatchChoice } from './match-choice.ts';
import type { RouteRule } from './matching.ts';
import { readPlace, WrongText } from './place.ts';
import type { Place } from './place.ts';

function failure(code: MockErrorCode, what: string, cause: unknown): unknown {
  if (!(cause instanceof WrongText)) return cause;
  return new MockError(code, `Failed to read ${what}: ${cause.message}.`, { cause });
}

/** Reads what `--match` takes: `header:NAME`, or `-` and a part. Throws MockError MATCH_INVALID. */
export function parseMatch(text: string): MatchChoice {
  try {
    return readMatchChoice(text);
  } catch (error) {
    throw failure('MATCH_INVALID', `--match ${JSON.stringify(text)}`, error);
  }
}

/** Reads what `--ignore` takes: a place, such as `json:/meta/nonce`. Throws MockError IGNORE_INVALID. */
export function parseIgnore(text: string): Place {
  try {
    return readPlace(text);
  } catch (error) {
    throw failure('IGNORE_INVALID', `--ignore ${JSON.stringify(text)}`, error);
  }
}

const MEMBERS = ['route', 'match', 'ignore', 'lenient'];
const EXAMPLE = '[{"route": "POST /v1/charges", "ignore": ["json:/nonce"]}]';

/** Where in a rules file something is wrong: a JSON pointer, or a line. */
class WrongPlace extends WrongText {
  readonly place: string;

  constructor(place: string, reason: string) {
    super(reason);
    this.place = place;
  }
}

/**
 * Reads a file of matching rules: a JSON array of objects with a `route` (method and path pattern)
 * and what holds for its requests (`match`, `ignore`, `lenient`).
 *
 * @param file - Its name, for the sentence that says what is wrong in it.
 * @throws MockError RULES_INVALID.
 */
export function parseMatchRules(text: string, file: string): RouteRule[] {
  try {
    const rules = parsedJson(text);
    if (!Array.isArray(rules)) throw new WrongPlace('its top', `it is a list, as in ${EXAMPLE}`);
    return rules.map((rule: unknown, at) => readRule(rule, `/${at}`));
  } catch (error) {
    const place = error instanceof WrongPlace ? error.place : 'its top';
    throw failure('RULES_INVALID', `the matching rules of "${file}" at ${place}`, error);
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongPlace(placeOfSyntax(text, reason), `it is no JSON (${reason})`);
  }
}

/** The line that the runtime's sentence about wrong JSON means. */
function placeOfSyntax(text: string, reason: string): string {
  const position = /at position (\d+)/.exec(reason)?.[1];
  const before = position === undefined ? text : text.slice(0, Number(position));
  return `line ${before.split('\n').length}`;
}

function readRule(rule: unknown, pointer: string): RouteRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw new WrongPlace(pointer, `a rule is an object, as in ${EXAMPLE}`);
  }
  const members = new Map<string, unknown>(Object.entries(rule));
  for (const name of members.keys()) {
    if (!MEMBERS.includes(name)) throw unknownMember(name, pointer);
  }
  const lenient = members.get('lenient');
  if (lenient !== undefined && typeof lenient !== 'boolean') {
    throw new WrongPlace(`${pointer}/lenient`, 'lenient is true or false');
  }
  return {
    text: JSON.stringify(rule),
    ...readRoute(members.get('route'), `${pointer}/route`),
    match: readList(members.get('match'), `${pointer}/match`, readMatchChoice),
    ignore: readList(members.get('ignore'), `${pointer}/ignore`, readPlace),
    lenient,
  };
}

function unknownMember(name: string, pointer: string): WrongPlace {
  const near = nearestWord(name, MEMBERS);
  const meant = near === undefined ? '' : `; did you mean ${near}`;
  return new WrongPlace(
    `${pointer}/${name}`,
    `a rule has no such member, only ${MEMBERS.join(', ')}${meant}`,
  );
}

function readList<T>(value: unknown, pointer: string, read: (text: string) => T): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new WrongPlace(pointer, 'it is a list of texts');
  return value.map((text: unknown, at) => {
    const place = `${pointer}/${at}`;
    if (typeof text !== 'string') throw new WrongPlace(place, 'it is a text');
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof WrongText)) throw error;
      throw new WrongPlace(place, `${JSON.stringify(text)}: ${error.message}`);
    }
  });
}

function readRoute(
  value: unknown,
  pointer: string,
): Pick<RouteRule, 'matchesMethod' | 'matchesPath'> {
  if (typeof value !== 'string') {
    throw new WrongPlace(pointer, 'a rule needs a route such as "POST /v1/charges" or "* /v1/**"');
  }
  const [method = '', path = '', ...rest] = value.trim().split(/\s+/);
  const isMethod = method === '*' || /^[A-Z][A-Z-]*$/.test(method);
  if (!isMethod || !path.startsWith('/') || rest.length > 0) {
    throw new WrongPlace(
      pointer,
      `${JSON.stringify(value)} is no route; write a method in capitals or *, and a path, as in "POST /v1/charges" or "* /v1/**"`,
    );
  }
  if (path.includes('?')) {
    throw new WrongPlace(
      pointer,
      `a route has no query; write ${method} ${path.replace(/\?.*/, '')}`,
    );
  }
  if (path.split('/').some((segment) => segment !== '**' && segment.includes('**'))) {
    throw new WrongPlace(pointer, '** stands alone between slashes, as in /v1/**');
  }
  const matchesMethod = method === '*' ? () => true : (one: string) => one === method;
  return { matchesMethod, matchesPath: pathGlob(path) };
}
