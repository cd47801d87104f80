import { VALUE } from './path-tokens.ts';
import { singular } from './words.ts';

const VERSION = /^v\d+(?:\.\d+)*$/i;

/** A step of a template: a piece of text, or a place for values. */
export interface TemplateStep {
  /** The text; of a place for values `{}` with what stands around the value. */
  readonly key: string;
  readonly isValue: boolean;
  readonly isGlued: boolean;
}

export interface TemplateText {
  readonly template: string;
  /** The names of its parameters, in order. */
  readonly names: readonly string[];
}

function parameterName(parent: string | undefined, taken: readonly string[]): string {
  const plain = parent !== undefined && /^[A-Za-z][A-Za-z0-9_.-]*$/.test(parent);
  const base = plain && !VERSION.test(parent) ? singular(parent).replace(/[.-]/g, '_') : 'id';
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base}${n}`;
  return name;
}

/** Writes steps as a template, each parameter named after what it stands in. */
export function templateText(steps: Iterable<TemplateStep>): TemplateText {
  const names: string[] = [];
  let parent: string | undefined;
  let template = '';
  for (const { key, isValue, isGlued } of steps) {
    if (!isGlued) template += '/';
    if (!isValue) {
      template += key;
      if (!isGlued && key !== '') parent = key;
      continue;
    }
    const called = /^\w+(?=\()/.exec(key)?.[0];
    const name = parameterName(called ?? parent, names);
    names.push(name);
    template += key.replace(VALUE, `{${name}}`);
  }
  return { template: template === '' ? '/' : template, names };
}
