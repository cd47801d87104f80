import { CONDITIONS } from './condition.ts';
import type { Condition } from './condition.ts';
import { MockError } from './errors.ts';
import type { FaultKind } from './fault.ts';
import type { FaultRule } from './fault-rule.ts';
import { FAULT_KINDS } from './faults/index.ts';
import { fitsWord, pathGlob } from './glob.ts';
import { nearestWord } from '@calltape/store/nearest-word';
import { normalHost } from './target.ts';

const SHAPE =
  "'METHOD PATH KIND[=VALUE] [KEY=VALUE]...', as in 'POST /v1/charges status=503 p=0.3'";
const MAX_RULE = 4096;

type Refuse = (part: string, sentence: string) => MockError;

function refuserOf(text: string): Refuse {
  return (part, sentence) =>
    new MockError(
      'FAULT_INVALID',
      `Failed to read the fault rule ${JSON.stringify(text)}: ${JSON.stringify(part)} is wrong there. ${sentence}.`,
    );
}

/** The words of a rule; white space inside parentheses does not part them. */
function wordsOf(text: string): string[] {
  return text.match(/(?:\([^)]*\)?|[^\s(])+/g) ?? [];
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === undefined ? '.' : `; did you mean ${near}?`;
}

function methodOf(word: string, refuse: Refuse): FaultRule['matchesMethod'] {
  if (word === '*') return () => true;
  if (/^[A-Z][A-Z-]*$/.test(word)) return (method) => method === word;
  if (/^[a-z-]+$/i.test(word)) {
    throw refuse(word, `Methods are in capitals: ${word.toUpperCase()}`);
  }
  throw refuse(word, `A rule begins with a method or *, as in ${SHAPE}`);
}

function pathOf(word: string, refuse: Refuse): FaultRule['matchesPath'] {
  if (word.includes('://')) {
    throw refuse(word, `Leave the scheme out: ${word.slice(word.indexOf('://') + 3)}`);
  }
  if (word.includes('?')) {
    throw refuse(word, `Paths are without query: ${word.slice(0, word.indexOf('?'))}`);
  }
  const slash = word.indexOf('/');
  if (slash === -1) {
    throw refuse(word, 'A path begins with / or with a host and /, and /** stands for all paths');
  }
  const path = word.slice(slash);
  if (path.split('/').some((segment) => segment !== '**' && segment.includes('**'))) {
    throw refuse(word, '** stands alone between slashes, as in /v1/**; within a segment write *');
  }
  const matches = pathGlob(path);
  if (slash === 0) return (_, candidate) => matches(candidate);
  const host = normalHost(word.slice(0, slash));
  return (asked, candidate) => fitsWord(asked, host) && matches(candidate);
}

interface Setting {
  readonly key: string;
  readonly value: string | undefined;
}

function settingOf(word: string): Setting {
  const equals = word.indexOf('=');
  if (equals === -1) return { key: word, value: undefined };
  return { key: word.slice(0, equals), value: word.slice(equals + 1) };
}

function kindOf({ key }: Setting, refuse: Refuse): FaultKind {
  const kind = FAULT_KINDS.get(key);
  if (kind !== undefined) return kind;
  const known = [...FAULT_KINDS.keys()];
  throw refuse(
    key,
    `No kind of fault is called that${suggestion(key, known)} The kinds are ${known.join(', ')}`,
  );
}

function conditionOf(key: string, value: string, refuse: Refuse): Condition | undefined {
  const known = CONDITIONS.get(key);
  if (known === undefined) return undefined;
  const condition = known.parse(value);
  if (condition === undefined) throw refuse(`${key}=${value}`, `${key} takes ${known.usage}`);
  return condition;
}

function checkKey({ key, value }: Setting, kind: FaultKind, refuse: Refuse): string {
  const known = [...kind.keys, ...CONDITIONS.keys()];
  if (!known.includes(key)) {
    throw refuse(
      key,
      `${kind.name} has no key of that name${suggestion(key, known)} Its keys are ${known.join(', ')}`,
    );
  }
  if (value === undefined || value === '') throw refuse(key, `The key needs a value: ${key}=...`);
  return value;
}

function checkText(text: string, refuse: Refuse): void {
  if (text.length > MAX_RULE) {
    throw refuse(`${text.slice(0, 40)}...`, `A rule has at most ${MAX_RULE} characters`);
  }
  if (/[^\P{Cc}\t]/u.test(text)) throw refuse(text, 'A rule has no control characters');
}

interface Settings {
  readonly options: Map<string, string>;
  readonly conditions: Condition[];
}

function settingsOf(words: readonly string[], kind: FaultKind, refuse: Refuse): Settings {
  const options = new Map<string, string>();
  const conditions: Condition[] = [];
  const seen = new Set<string>();
  for (const word of words) {
    const setting = settingOf(word);
    const value = checkKey(setting, kind, refuse);
    if (seen.has(setting.key)) throw refuse(word, 'Each key may be there once');
    seen.add(setting.key);
    const condition = conditionOf(setting.key, value, refuse);
    if (condition === undefined) options.set(setting.key, value);
    else conditions.push(condition);
  }
  return { options, conditions };
}

type Doing = Pick<FaultRule, 'conditions' | 'fault' | 'usesUp' | 'onAnswer' | 'quota'>;

/** What a rule does, and when: its words from the kind on. */
function doingOf(kindWord: string, rest: readonly string[], refuse: Refuse): Doing {
  const setting = settingOf(kindWord);
  const kind = kindOf(setting, refuse);
  const { options, conditions } = settingsOf(rest, kind, refuse);
  const input = { value: setting.value, options, refuse };
  const { usesUp, onAnswer = null } = kind;
  const [fault, quota] = [kind.parse(input), kind.quotaOf?.(input) ?? null];
  return { conditions, fault, usesUp, onAnswer, quota };
}

/**
 * Reads a fault rule: `METHOD PATH-GLOB KIND[=V] [KEY=V]...`, as in
 * `POST /v1/charges status=429 retry-after=1 first=2`. METHOD may be `*`. In the path, which may
 * begin with a host, `*` stands for characters within a segment and `**` for whole segments.
 *
 * @throws MockError FAULT_INVALID, naming the part that is wrong and how to spell it.
 */
export function parseFault(text: string): FaultRule {
  const refuse = refuserOf(text.slice(0, MAX_RULE));
  checkText(text, refuse);
  const [method, path, kindWord, ...rest] = wordsOf(text);
  if (method === undefined || path === undefined || kindWord === undefined) {
    throw refuse(text, `A rule has at least three words: ${SHAPE}`);
  }
  const matchesMethod = methodOf(method, refuse);
  const matchesPath = pathOf(path, refuse);
  return { text: text.trim(), matchesMethod, matchesPath, ...doingOf(kindWord, rest, refuse) };
}

/**
 * Reads the part of a rule that says what is done, for one request: `KIND[=V] [KEY=V]...`.
 *
 * @param name - What the rule is called where it has altered an answer.
 * @throws MockError FAULT_INVALID, also for keys and kinds that count requests.
 */
export function parseSingleFault(text: string, name: string): FaultRule {
  const refuse = refuserOf(text.slice(0, MAX_RULE));
  checkText(text, refuse);
  const [kindWord, ...rest] = wordsOf(text);
  if (kindWord === undefined) throw refuse(text, 'A fault is KIND[=VALUE] [KEY=VALUE]...: reset');
  const doing = doingOf(kindWord, rest, refuse);
  if (doing.conditions.length > 0) {
    const keys = [...CONDITIONS.keys()].join(', ');
    throw refuse(text, `It is for one request, so none of ${keys} belongs there; give a rule`);
  }
  if (doing.quota !== null) throw refuse(kindWord, 'It counts requests; give a rule');
  return { text: name, matchesMethod: () => true, matchesPath: () => true, ...doing };
}
