import { parseFault } from '@calltape/mock';
import type { FaultContext } from '../../src/fault.ts';
import { randomAt, seedOf } from '../../src/random.ts';
import { Lesson, NOTHING_LEARNED } from '../../src/schema/habits.ts';
import type { Habits } from '../../src/schema/habits.ts';
import { jsonTree } from '../../src/schema/json-tree.ts';
import type { HeadStep, Plan, Step } from '../../src/step.ts';

export const END: Step = { kind: 'end', trailers: [] };

export function chunk(content: string | Uint8Array): Step {
  return { kind: 'chunk', bytes: typeof content === 'string' ? Buffer.from(content) : content };
}

export function head(framing: HeadStep['framing'], ...headers: readonly string[]): HeadStep {
  return { kind: 'head', status: 200, statusText: 'OK', headers, framing };
}

/** An answer with its length. */
export function fixed(content: string | Uint8Array, ...headers: readonly string[]): Plan {
  const step = head('length', ...headers, 'Content-Length', String(content.length));
  return [step, chunk(content), END];
}

/** An answer in chunks. */
export function stream(...chunks: readonly (string | Uint8Array)[]): Plan {
  return [head('chunked', 'Transfer-Encoding', 'chunked'), ...chunks.map(chunk), END];
}

/** What one learns from some contents. */
export function learnedFrom(...contents: readonly unknown[]): Habits {
  const lesson = new Lesson();
  for (const content of contents) {
    const text = JSON.stringify(content);
    const tree = jsonTree(text);
    if (tree !== undefined) lesson.add(tree, text);
  }
  lesson.conclude();
  return lesson;
}

/** What a rule makes of a plan, with the draws of a seed. */
export function altered(
  fault: string,
  plan: Plan,
  seed = 1,
  context: Partial<FaultContext> = {},
): Plan {
  const rule = parseFault(`GET /a ${fault}`);
  return rule.fault(plan, {
    rule: rule.text,
    random: randomAt(seedOf([seed]), 1),
    quota: null,
    learned: () => NOTHING_LEARNED,
    ...context,
  });
}

/** A plan as words: `head chunk:0123 reset`. */
export function words(plan: Plan): string {
  return plan
    .map((step) => {
      if (step.kind === 'wait') return `wait:${Math.round(step.ms)}`;
      if (step.kind === 'chunk' || step.kind === 'raw') {
        return `${step.kind}:${Buffer.from(step.bytes).toString().trim()}`;
      }
      return step.kind;
    })
    .join(' ');
}

export function fieldsOf(plan: Plan): readonly string[] {
  return plan.find((step) => step.kind === 'head')?.headers ?? [];
}

/** The content of a plan, as text. */
export function contentOf(plan: Plan): string {
  const pieces = plan.flatMap((step) => (step.kind === 'chunk' ? [step.bytes] : []));
  return Buffer.concat(pieces).toString();
}
