/** Field values are ASCII; what a text has beyond that is percent-encoded. */
function fieldText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/gu, (other) => encodeURIComponent(other.toWellFormed()));
}

/** The field by which an altered answer says what altered it. */
export function faultField(text: string): readonly [name: string, value: string] {
  return ['x-calltape-fault', fieldText(text)];
}
