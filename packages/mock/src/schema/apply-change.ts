import type { TextEdit } from '@calltape/store';
import type { FaultContext } from '../fault.ts';
import type { Plan } from '../step.ts';
import { alteredPlan } from './altered-plan.ts';
import { answerTextOf } from './answer-text.ts';
import type { AnswerText } from './answer-text.ts';
import { pick } from './change.ts';
import type { Change, Scene } from './change.ts';
import { placesAt, placesOf } from './json-place.ts';

/** Where a rule wants its change: a pointer taken apart, and what follows it. */
export interface Target {
  /** As it was written. */
  readonly text: string;
  readonly keys: readonly string[];
  readonly argument: string | undefined;
}

interface Made {
  readonly edits: readonly TextEdit[];
  /** The change, as one would ask for it. */
  readonly note: string;
}

function sceneOf({ text }: AnswerText, { learned, random }: FaultContext): Scene {
  // Habits when the first place is looked at, and not for answers without any.
  let known: ReturnType<FaultContext['learned']> | null = null;
  return {
    text,
    random,
    get learned() {
      known ??= learned();
      return known;
    },
  };
}

function there(change: Change, target: Target, answer: AnswerText, scene: Scene): Made | undefined {
  const edits = answer.documents
    .flatMap((document) => placesAt(document, target.keys))
    .flatMap((place) => change.edit(place, scene, target.argument) ?? []);
  return edits.length === 0 ? undefined : { edits, note: `${change.name}=${target.text}` };
}

/** At a place of the seed's choice among those where the change is likely. */
function somewhere(change: Change, answer: AnswerText, scene: Scene): Made | undefined {
  const likely = answer.documents
    .flatMap(placesOf)
    .filter(
      (place) =>
        change.isPlausible(place, scene) && change.edit(place, scene, undefined) !== undefined,
    );
  const place = pick(likely, scene.random);
  const edit = place === undefined ? undefined : change.edit(place, scene, undefined);
  if (place === undefined || edit === undefined) return undefined;
  return { edits: [edit], note: `${change.name}=${place.pointer}` };
}

/**
 * Makes the first of some changes that the answer has a place for. The answer then says in
 * `x-calltape-fault` what was changed; one without such a place stays as it is.
 */
export function applyChange(
  changes: (scene: Scene) => readonly Change[],
  target: Target | undefined,
  plan: Plan,
  context: FaultContext,
): Plan {
  const answer = answerTextOf(plan);
  if (answer === undefined) return plan;
  const scene = sceneOf(answer, context);
  for (const change of changes(scene)) {
    const made =
      target === undefined
        ? somewhere(change, answer, scene)
        : there(change, target, answer, scene);
    if (made !== undefined) {
      return alteredPlan(plan, answer, made.edits, `${context.rule} -> ${made.note}`);
    }
  }
  return plan;
}
