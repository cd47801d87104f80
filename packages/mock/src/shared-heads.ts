import type { HeadStep, Plan } from './step.ts';

/** Heads with something of their own, such as a `date`, are not worth more memory. */
const MOST_HEADS = 512;

/** Has plans with the same head have one: many answers differ in their content alone. */
export class SharedHeads {
  readonly #heads = new Map<string, HeadStep>();

  withShared(plan: Plan): Plan {
    return plan.map((step) => (step.kind === 'head' ? this.#shared(step) : step));
  }

  #shared(head: HeadStep): HeadStep {
    const key = JSON.stringify(head);
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    if (this.#heads.size >= MOST_HEADS) this.#heads.clear();
    this.#heads.set(key, head);
    return head;
  }
}
