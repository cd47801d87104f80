import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { applyChange } from '../schema/apply-change.ts';
import type { Target } from '../schema/apply-change.ts';
import type { Change } from '../schema/change.ts';
import { parsePointer } from '../schema/json-place.ts';

function targetOf(change: Change, { value, refuse }: FaultInput): Target | undefined {
  if (value === undefined) return undefined;
  const part = `${change.name}=${value}`;
  // A name may have a colon in it where nothing can follow the pointer.
  const colon = change.argument === null ? -1 : value.lastIndexOf(':');
  const pointer = colon === -1 ? value : value.slice(0, colon);
  const argument = colon === -1 ? undefined : value.slice(colon + 1);
  const keys = parsePointer(pointer);
  if (keys === undefined) {
    throw refuse(part, `${change.name} takes a JSON Pointer, * for all items: ${change.usage}`);
  }
  if (argument !== undefined && change.argument?.(argument) !== true) {
    throw refuse(part, `What follows the colon is not known there: ${change.usage}`);
  }
  return { text: value, keys, argument };
}

/** The kind of fault that makes one change in the JSON of an answer. */
export function schemaFault(change: Change): FaultKind {
  const parse = (input: FaultInput): Fault => {
    const target = targetOf(change, input);
    return (plan, context) => applyChange(() => [change], target, plan, context);
  };
  const { name, usage } = change;
  return { name, usage, keys: [], usesUp: true, onAnswer: 'whole', parse };
}
