// Holds what was found to the labels.
import type { Label } from './differences.ts';
import { differences } from './differences.ts';
import type { DrawnCall } from './draw-calls.ts';
import { clearlyShown } from './evidence.ts';
import type { Found, FoundDrift } from './finder.ts';
import type { Pair } from './shape.ts';
import { operationKey } from './shape.ts';

/** Counts, which add up over pairs and seeds. */
export interface Score {
  readonly counts: Record<Count, number>;
  /** By kind: clear ones, and those of them that were found. */
  readonly kinds: Map<string, { clear: number; found: number }>;
  /** What was missed or is false, in words. */
  readonly remarks: string[];
}

const COUNTS = [
  'alarms',
  'rightAlarms',
  'findings',
  'rightFindings',
  'controls',
  'alarmedControls',
  'clearBreaking',
  'foundBreaking',
  'exchanges',
  'grouped',
  'matched',
  'rightSeverity',
] as const;

export type Count = (typeof COUNTS)[number];

/** Kinds that tell the same change at one place in other words. */
const RELATED: readonly ReadonlySet<string>[] = [
  new Set(['field-removed', 'became-optional']),
  new Set(['field-added', 'became-required']),
  new Set(['type-changed', 'format-changed', 'nullable-added', 'variant-added']),
  new Set(['nullable-removed', 'type-changed']),
  new Set(['enum-value-added', 'format-changed']),
  new Set([
    'status-removed',
    'status-added',
    'body-became-empty',
    'content-type-changed',
    'header-removed',
  ]),
  new Set(['body-became-empty', 'field-removed', 'content-type-changed', 'header-removed']),
];
/** What changes all that is below. */
const STRUCTURAL = new Set([
  'type-changed',
  'variant-added',
  'body-became-empty',
  'field-removed',
  'field-added',
  'content-type-changed',
]);

export function newScore(): Score {
  const counts: Record<Count, number> = {
    alarms: 0,
    rightAlarms: 0,
    findings: 0,
    rightFindings: 0,
    controls: 0,
    alarmedControls: 0,
    clearBreaking: 0,
    foundBreaking: 0,
    exchanges: 0,
    grouped: 0,
    matched: 0,
    rightSeverity: 0,
  };
  return { counts, kinds: new Map(), remarks: [] };
}

export function addScore(to: Score, from: Score): void {
  for (const name of COUNTS) to.counts[name] += from.counts[name];
  for (const [kind, { clear, found }] of from.kinds) noteKind(to, kind, clear, found);
  to.remarks.push(...from.remarks);
}

function noteKind({ kinds }: Score, kind: string, clear: number, found: number): void {
  const known = kinds.get(kind) ?? { clear: 0, found: 0 };
  kinds.set(kind, { clear: known.clear + clear, found: known.found + found });
}

function isExact(label: Label, drift: FoundDrift): boolean {
  return (
    label.kind === drift.kind &&
    (label.location === drift.location || !label.location.startsWith('/'))
  );
}

function explains(label: Label, drift: FoundDrift): boolean {
  if (isExact(label, drift)) return true;
  if (label.location === drift.location || !drift.location.startsWith('/')) {
    return RELATED.some((kinds) => kinds.has(label.kind) && kinds.has(drift.kind));
  }
  return STRUCTURAL.has(label.kind) && drift.location.startsWith(`${label.location}/`);
}

/** An error status is drawn by chance on both sides: news of it is neither right nor wrong. */
function isNeutral({ kind, location, status }: FoundDrift): boolean {
  const code = status ?? Number(location.replace('status:', ''));
  return kind.startsWith('status-') && code >= 400;
}

/** Found templates by operation, and back, by the calls that they have in common. */
class Groups {
  readonly #templates = new Map<string, Map<string, number>>();
  readonly #sizes = new Map<string, number>();
  readonly #truth = new Map<string, number>();

  constructor(calls: readonly DrawnCall[], found: Found) {
    for (const call of calls) {
      const group = `${call.method} ${found.templateOf(call)}`;
      const of = this.#templates.get(group) ?? new Map<string, number>();
      of.set(call.operation, (of.get(call.operation) ?? 0) + 1);
      this.#templates.set(group, of);
      this.#sizes.set(group, (this.#sizes.get(group) ?? 0) + 1);
      this.#truth.set(call.operation, (this.#truth.get(call.operation) ?? 0) + 1);
    }
  }

  /** Calls whose group is all of one operation and nothing else; the other groups are remarked. */
  exact(remarks: string[]): number {
    let exact = 0;
    for (const [group, of] of this.#templates) {
      const [only, ...others] = of.keys();
      const size = this.#sizes.get(group) ?? 0;
      if (only !== undefined && others.length === 0 && this.#truth.get(only) === size)
        exact += size;
      else
        remarks.push(
          `grouped ${size} as ${group}: ${[...of].map(([one, n]) => `${n} of ${one}`).join(', ')}`,
        );
    }
    return exact;
  }

  operationsOf({ method, template }: FoundDrift): ReadonlySet<string> {
    return new Set(this.#templates.get(`${method} ${template}`)?.keys());
  }
}

interface Case {
  readonly operation: string;
  readonly labels: readonly Label[];
  readonly clear: ReadonlySet<Label>;
}

function casesOf(
  { before, after }: Pair,
  were: readonly DrawnCall[],
  are: readonly DrawnCall[],
): Case[] {
  const keys = new Set([...before.operations, ...after.operations].map(operationKey));
  const earlier = Map.groupBy(were, ({ operation }) => operation);
  const later = Map.groupBy(are, ({ operation }) => operation);
  return [...keys].map((operation) => {
    const one = before.operations.find((each) => operationKey(each) === operation);
    const other = after.operations.find((each) => operationKey(each) === operation);
    const labels = differences(one, other);
    const clear = clearlyShown(labels, earlier.get(operation) ?? [], later.get(operation) ?? []);
    return { operation, labels, clear };
  });
}

function judgeCase(
  score: Score,
  { operation, labels, clear }: Case,
  drifts: readonly FoundDrift[],
): void {
  for (const label of clear) {
    const isFound = drifts.some((drift) => isExact(label, drift) || explains(label, drift));
    noteKind(score, label.kind, 1, Number(isFound));
    if (label.severity === 'breaking') {
      score.counts.clearBreaking += 1;
      score.counts.foundBreaking += Number(isFound);
    }
    if (!isFound)
      score.remarks.push(`missed ${operation} ${label.location} ${label.kind} ${label.what}`);
  }
  if (labels.length > 0) return;
  score.counts.controls += 1;
  score.counts.alarmedControls += Number(drifts.some(({ severity }) => severity !== 'info'));
}

function judgeDrift(score: Score, drift: FoundDrift, labels: readonly Label[]): void {
  if (isNeutral(drift)) return;
  const { counts } = score;
  const isAlarm = drift.severity !== 'info';
  const isRight = labels.some((label) => explains(label, drift));
  counts.findings += 1;
  counts.rightFindings += Number(isRight);
  counts.alarms += Number(isAlarm);
  counts.rightAlarms += Number(isAlarm && isRight);
  const { method, template, location, kind, severity, before, after, chance } = drift;
  const place = `${method} ${template} ${location} ${kind} (${severity})`;
  const evidence = `${before.k}/${before.n} then ${after.m}/${after.n}, chance ${chance.toPrecision(2)}`;
  if (!isRight) score.remarks.push(`false ${isAlarm ? 'alarm' : 'note'} ${place} ${evidence}`);
  const same = labels.find((label) => isExact(label, drift));
  if (same === undefined) return;
  counts.matched += 1;
  counts.rightSeverity += Number(same.severity === severity);
  if (same.severity !== severity)
    score.remarks.push(`severity ${place}, labelled ${same.severity}`);
}

/** What was found in the calls of both sides of a pair. */
export function judge(
  pair: Pair,
  were: readonly DrawnCall[],
  are: readonly DrawnCall[],
  found: Found,
): Score {
  const score = newScore();
  const groups = new Groups([...were, ...are], found);
  score.counts.exchanges = were.length + are.length;
  score.counts.grouped = groups.exact(score.remarks);
  const cases = casesOf(pair, were, are);
  const located = found.drifts.map((drift) => ({ drift, operations: groups.operationsOf(drift) }));
  for (const one of cases) {
    const drifts = located.filter(({ operations }) => operations.has(one.operation));
    judgeCase(
      score,
      one,
      drifts.map(({ drift }) => drift),
    );
  }
  for (const { drift, operations } of located) {
    const labels = cases
      .filter(({ operation }) => operations.has(operation))
      .flatMap((one) => one.labels);
    judgeDrift(score, drift, labels);
  }
  return score;
}
