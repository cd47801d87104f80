import type { FlatHeaders } from '@calltape/store';

/** The first value of a field; `name` is in lower case. Undefined when the field is absent. */
export function fieldValue(flat: FlatHeaders, name: string): string | undefined {
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const candidate = flat[at];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return flat[at + 1];
  }
  return undefined;
}

/** The fields without those of one name, which is in lower case. */
export function withoutField(flat: FlatHeaders, name: string): string[] {
  return flat.filter((_, at) => flat[at - (at % 2)]?.toLowerCase() !== name);
}
