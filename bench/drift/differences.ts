// What two descriptions differ in, in the words that `calltape drift` uses: the labels.
import type {
  ArrayShape,
  Field,
  MapShape,
  ObjectShape,
  OneShape,
  Operation,
  Shape,
  TextShape,
} from './shape.ts';
import { fieldAt } from './shape.ts';

export type Severity = 'breaking' | 'warning' | 'info';

/** One difference at one place of the answers of an operation. */
export interface Label {
  readonly kind: string;
  readonly location: string;
  readonly severity: Severity;
  /** Of a new or an old type, value, format: which. */
  readonly what: string;
}

/** What the way to an API adds and takes away; not of its answers, so not expected to be told. */
const OF_THE_WAY = /^access-control-|^(x-)?req(uest)?-id$|^audit-id$/;

type Note = (kind: string, location: string, severity: Severity, what?: string) => void;

/** Differences between the answers of two versions of an operation; either may be missing. */
export function differences(before: Operation | undefined, after: Operation | undefined): Label[] {
  const labels: Label[] = [];
  const note: Note = (kind, location, severity, what = '') => {
    labels.push({ kind, location, severity, what });
  };
  if (before === undefined || after === undefined) {
    const isAdded = before === undefined;
    note(isAdded ? 'endpoint-added' : 'endpoint-removed', '', isAdded ? 'info' : 'breaking');
    return labels;
  }
  if (before.status !== after.status) {
    note('status-removed', `status:${before.status}`, 'breaking');
    note('status-added', `status:${after.status}`, 'breaking');
    return labels;
  }
  compareHeads(note, before, after);
  if (before.body !== null && after.body === null) note('body-became-empty', '', 'breaking');
  else if (before.body !== null && after.body !== null) {
    if (before.contentType !== after.contentType)
      note('content-type-changed', 'content-type', 'breaking');
    compareShapes(note, '', before.body, after.body);
  }
  return labels;
}

function compareHeads(note: Note, before: Operation, after: Operation): void {
  for (const name of before.headers) {
    if (OF_THE_WAY.test(name)) continue;
    if (!after.headers.includes(name)) note('header-removed', `header:${name}`, 'warning');
  }
  for (const name of after.headers) {
    if (OF_THE_WAY.test(name)) continue;
    if (!before.headers.includes(name)) note('header-added', `header:${name}`, 'info');
  }
}

function compareShapes(note: Note, location: string, before: Shape, after: Shape): void {
  if (!before.nullable && after.nullable) note('nullable-added', location, 'breaking');
  if (before.nullable && !after.nullable) note('nullable-removed', location, 'info');
  compareTypes(note, location, before.oneOf, after.oneOf);
  for (const type of ['string', 'array', 'map'] as const) {
    const was = before.oneOf.find((one) => one.type === type);
    const is = after.oneOf.find((one) => one.type === type);
    if (was !== undefined && is !== undefined) compareSame(note, location, was, is);
  }
  compareObjects(note, location, objectsOf(before), objectsOf(after));
}

/** As JSON tells them apart: a map is an object, and 1 may be any number. */
function typesOf(shapes: readonly OneShape[]): ReadonlySet<string> {
  return new Set(shapes.map(({ type }) => (type === 'map' ? 'object' : type)));
}

function compareTypes(
  note: Note,
  location: string,
  before: readonly OneShape[],
  after: readonly OneShape[],
): void {
  const [were, are] = [typesOf(before), typesOf(after)];
  const added = [...are].filter(
    (type) => !were.has(type) && !(type === 'integer' && were.has('number')),
  );
  const lost = [...were].filter((type) => !are.has(type));
  if (added.length > 0) note('type-changed', location, 'breaking', added.join(','));
  else if (lost.length > 0) note('type-changed', location, 'info', lost.join(','));
}

function compareSame(note: Note, location: string, was: OneShape, is: OneShape): void {
  if (was.type === 'string' && is.type === 'string') compareTexts(note, location, was, is);
  if (was.type === 'array' && is.type === 'array') compareInside(note, location, was, is);
  if (was.type === 'map' && is.type === 'map') compareInside(note, location, was, is);
}

function inside(one: ArrayShape | MapShape): Shape {
  return one.type === 'array' ? one.items : one.values;
}

function compareInside(
  note: Note,
  location: string,
  was: ArrayShape | MapShape,
  is: ArrayShape | MapShape,
): void {
  compareShapes(note, `${location}/*`, inside(was), inside(is));
}

function compareTexts(note: Note, location: string, was: TextShape, is: TextShape): void {
  const [before, after] = [was.values, is.values];
  if (before !== undefined && after !== undefined) {
    const added = after.filter((value) => !before.includes(value));
    const lost = before.filter((value) => !after.includes(value));
    if (added.length > 0) note('enum-value-added', location, 'warning', added.join(','));
    if (lost.length > 0) note('enum-value-removed', location, 'info', lost.join(','));
  } else if (was.format !== is.format && before === undefined && after === undefined) {
    const isLoss = !['text', 'slug', 'id'].includes(was.format);
    note('format-changed', location, isLoss ? 'breaking' : 'info', is.format);
  }
}

function objectsOf({ oneOf }: Shape): readonly ObjectShape[] {
  return oneOf.filter((one) => one.type === 'object');
}

function compareObjects(
  note: Note,
  location: string,
  before: readonly ObjectShape[],
  after: readonly ObjectShape[],
): void {
  if (before.length === 0) return;
  if (after.length > before.length) note('variant-added', location, 'warning');
  // Variants keep their order: a new one comes last.
  before.forEach((one, at) => {
    const same = after[at];
    if (same !== undefined) compareFields(note, location, one, same);
  });
}

function compareFields(
  note: Note,
  location: string,
  before: ObjectShape,
  after: ObjectShape,
): void {
  for (const [name, was] of before.fields) {
    const is = after.fields.get(name);
    const place = fieldAt(location, name);
    if (is === undefined) note('field-removed', place, was.required ? 'breaking' : 'warning');
    else compareField(note, place, was, is);
  }
  for (const name of after.fields.keys()) {
    if (!before.fields.has(name)) note('field-added', fieldAt(location, name), 'info');
  }
}

function compareField(note: Note, place: string, was: Field, is: Field): void {
  if (was.required && !is.required) note('became-optional', place, 'breaking');
  if (!was.required && is.required) note('became-required', place, 'info');
  compareShapes(note, place, was.shape, is.shape);
}
