import type { Fault, FaultInput, FaultKind, NeedOfAnswer } from '../fault.ts';

/** Refuses a value where a kind takes none. */
export function takesNoValue(name: string, { value, refuse }: FaultInput, why: string): void {
  if (value !== undefined) throw refuse(`${name}=${value}`, `${name} takes no value${why}`);
}

/**
 * A kind that is its name and nothing more.
 *
 * @param onAnswer - See `FaultKind.onAnswer`.
 */
export function plainKind(name: string, fault: Fault, onAnswer?: NeedOfAnswer): FaultKind {
  return {
    name,
    usage: name,
    keys: [],
    usesUp: false,
    ...(onAnswer === undefined ? {} : { onAnswer }),
    parse(input) {
      takesNoValue(name, input, `: ${name}`);
      return fault;
    },
  };
}
