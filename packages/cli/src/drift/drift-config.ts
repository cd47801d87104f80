import type { SeverityOverride } from '@calltape/drift';
import { DriftRuleError, driftRule, kindOf, levelOf } from './drift-rule.ts';

/** The part of the configuration that is about drift. */
export interface DriftConfig {
  /** What is not told, as users write it. */
  readonly ignore: readonly string[];
  /** Severities of one's own; those of what is ignored are last. */
  readonly overrides: readonly SeverityOverride[];
}

export const NO_DRIFT_CONFIG: DriftConfig = { ignore: [], overrides: [] };

/** Refuses a place of the file, by its JSON Pointer. */
export type Refuse = (pointer: string, problem: string) => Error;

const KEYS: ReadonlySet<string> = new Set(['ignore', 'severity']);
const RULE_KEYS: ReadonlySet<string> = new Set(['kind', 'place', 'severity']);

/** @throws what `refuse` makes, for the first thing that is wrong. */
export function driftConfigOf(value: unknown, refuse: Refuse): DriftConfig {
  if (value === undefined) return NO_DRIFT_CONFIG;
  const members = membersOf(value, KEYS, '/drift', refuse);
  const ignore = listOf(members.get('ignore'), '/drift/ignore', refuse).map((one, at) => {
    if (typeof one === 'string') return one;
    throw refuse(`/drift/ignore/${at}`, 'it is no text. Write "GET /v1/things /price".');
  });
  const severities = listOf(members.get('severity'), '/drift/severity', refuse).map((one, at) =>
    severityRule(one, `/drift/severity/${at}`, refuse),
  );
  const ignored = ignore.map((text, at) =>
    told(`/drift/ignore/${at}`, refuse, () => driftRule(text, 'ignore')),
  );
  return { ignore, overrides: [...severities, ...ignored] };
}

function severityRule(value: unknown, pointer: string, refuse: Refuse): SeverityOverride {
  const rule = membersOf(value, RULE_KEYS, pointer, refuse);
  const severity = told(`${pointer}/severity`, refuse, () => levelOf(rule.get('severity')));
  const [kind, place] = [rule.get('kind'), rule.get('place')];
  if (kind === undefined && place === undefined) {
    throw refuse(pointer, 'it has neither "kind" nor "place". Write one of them, or both.');
  }
  return {
    ...(place === undefined
      ? { severity }
      : told(`${pointer}/place`, refuse, () => driftRule(textIn(place), severity))),
    ...(kind === undefined
      ? {}
      : { kind: told(`${pointer}/kind`, refuse, () => kindOf(textIn(kind))) }),
  };
}

function membersOf(
  value: unknown,
  known: ReadonlySet<string>,
  pointer: string,
  refuse: Refuse,
): ReadonlyMap<string, unknown> {
  const names = [...known].map((key) => `"${key}"`).join(', ');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(pointer, `it is no object. Write one with ${names}.`);
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const unknown = [...members.keys()].find((key) => !known.has(key));
  if (unknown === undefined) return members;
  throw refuse(`${pointer}/${unknown}`, `there is no such key. There are ${names}.`);
}

function listOf(value: unknown, pointer: string, refuse: Refuse): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw refuse(pointer, 'it is no list. Write [].');
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function told<T>(pointer: string, refuse: Refuse, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DriftRuleError)) throw error;
    throw refuse(pointer, error.message);
  }
}
