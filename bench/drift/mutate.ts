// Changes a description as APIs change: one thing at one place, every kind in turn.
import type { Random } from './random.ts';
import type { Description, Field, ObjectShape, OneShape, Operation, Shape } from './shape.ts';
import { fieldAt, single } from './shape.ts';

type FieldChange = (field: Field, random: Random) => Field | 'remove' | undefined;
type OperationChange = (operation: Operation) => Operation | undefined;

function withOnly(
  field: Field,
  change: (one: OneShape) => OneShape | undefined,
): Field | undefined {
  const [one, ...others] = field.shape.oneOf;
  const changed = one === undefined || others.length > 0 ? undefined : change(one);
  if (changed === undefined) return undefined;
  return { ...field, shape: { ...field.shape, oneOf: [changed] } };
}

function nullability(field: Field, nullable: boolean): Field | undefined {
  if (field.shape.nullable === nullable) return undefined;
  return { ...field, shape: { ...field.shape, nullable } };
}

function enumChange(change: (values: readonly string[]) => readonly string[]): FieldChange {
  return (field) =>
    withOnly(field, (one) => {
      if (one.type !== 'string' || one.values === undefined) return undefined;
      const values = change(one.values);
      return values.length < 2 ? undefined : { ...one, values };
    });
}

const NEW_FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'date',
  date: 'text',
  uri: 'slug',
  uuid: 'slug',
  email: 'text',
};

function otherType(one: OneShape): OneShape | undefined {
  if (one.type === 'string') return one.values === undefined ? { type: 'integer' } : undefined;
  if (one.type === 'integer' || one.type === 'number') return { type: 'string', format: 'text' };
  if (one.type === 'boolean') return { type: 'integer' };
  return undefined;
}

const FIELD_CHANGES: Readonly<Record<string, FieldChange>> = {
  'field-removed': () => 'remove',
  'became-optional': (field) => (field.required ? { ...field, required: false } : undefined),
  'became-required': (field) => (field.required ? undefined : { ...field, required: true }),
  'nullable-added': (field) => nullability(field, true),
  'nullable-removed': (field) => nullability(field, false),
  'type-changed': (field) => withOnly(field, otherType),
  'format-changed': (field) =>
    withOnly(field, (one) => {
      const format = one.type === 'string' ? NEW_FORMATS[one.format] : undefined;
      return format === undefined ? undefined : { type: 'string', format };
    }),
  'enum-value-added': enumChange((values) => [...values, 'superseded']),
  'enum-value-removed': enumChange((values) => values.slice(1)),
  'variant-added': (field) => withVariant(field),
};

/** Told apart by `type`; it has little in common with what there was. */
function withVariant(field: Field): Field | undefined {
  const [one, ...others] = field.shape.oneOf;
  if (one?.type !== 'object' || others.length > 0 || !one.fields.has('type')) return undefined;
  const tag = single({ type: 'string', format: 'text', values: ['voucher'] });
  const fields = new Map<string, Field>([
    ['type', { required: true, shape: tag }],
    ['voucher_code', { required: true, shape: single({ type: 'string', format: 'slug' }) }],
    ['discount', { required: true, shape: single({ type: 'integer' }) }],
  ]);
  return { ...field, shape: { ...field.shape, oneOf: [one, { type: 'object', fields }] } };
}

const OPERATION_CHANGES: Readonly<Record<string, OperationChange>> = {
  'status-removed': (one) => (one.body === null ? undefined : { ...one, status: 202 }),
  'content-type-changed': (one) =>
    one.body === null ? undefined : { ...one, contentType: 'application/vnd.api+json' },
  'header-added': (one) => ({ ...one, headers: [...one.headers, 'deprecation-notice'] }),
  'header-removed': (one) =>
    one.headers.length === 0 ? undefined : { ...one, headers: one.headers.slice(1) },
  'body-became-empty': (one) =>
    one.body === null ? undefined : { ...one, body: null, contentType: '' },
};

/** Rebuilds what leads to the field at a place. */
function withField(
  shape: Shape,
  at: string,
  target: string,
  change: (field: Field) => Field | 'remove',
): Shape {
  const oneOf = shape.oneOf.map((one): OneShape => {
    if (one.type === 'array')
      return { ...one, items: withField(one.items, `${at}/*`, target, change) };
    if (one.type === 'map')
      return { ...one, values: withField(one.values, `${at}/*`, target, change) };
    return one.type === 'object' ? withMember(one, at, target, change) : one;
  });
  return { ...shape, oneOf };
}

function withMember(
  object: ObjectShape,
  at: string,
  target: string,
  change: (field: Field) => Field | 'remove',
): ObjectShape {
  const fields = new Map<string, Field>();
  for (const [name, field] of object.fields) {
    const place = fieldAt(at, name);
    const inner = { ...field, shape: withField(field.shape, place, target, change) };
    const changed = place === target ? change(field) : inner;
    if (changed !== 'remove') fields.set(name, changed);
  }
  return { ...object, fields };
}

function* fieldsOf(shape: Shape, at = ''): IterableIterator<[string, Field]> {
  for (const one of shape.oneOf) {
    if (one.type === 'array') yield* fieldsOf(one.items, `${at}/*`);
    if (one.type === 'map') yield* fieldsOf(one.values, `${at}/*`);
    if (one.type !== 'object') continue;
    for (const [name, field] of one.fields) {
      const place = fieldAt(at, name);
      yield [place, field];
      yield* fieldsOf(field.shape, place);
    }
  }
}

function changedField(operation: Operation, kind: string, random: Random): Operation | undefined {
  const { body } = operation;
  const change = FIELD_CHANGES[kind];
  if (body === null || change === undefined) return undefined;
  const places = [...fieldsOf(body)].flatMap(([place, field]) => {
    const changed = change(field, random);
    return changed === undefined ? [] : [{ place, changed }];
  });
  if (places.length === 0) return undefined;
  const { place, changed } = random.pick(places);
  return { ...operation, body: withField(body, '', place, () => changed) };
}

/** A new field beside others, at the top or in what is listed. */
function withNewField(operation: Operation): Operation | undefined {
  if (operation.body === null) return undefined;
  const shape = single({ type: 'string', format: 'slug' });
  const oneOf = operation.body.oneOf.map((one) =>
    one.type === 'object'
      ? { ...one, fields: new Map([...one.fields, ['added_lately', { shape, required: true }]]) }
      : one,
  );
  return { ...operation, body: { ...operation.body, oneOf } };
}

const CHANGES: readonly string[] = [
  ...Object.keys(FIELD_CHANGES),
  ...Object.keys(OPERATION_CHANGES),
  'field-added',
];

function changedOperation(
  operation: Operation,
  kind: string,
  random: Random,
): Operation | undefined {
  if (kind === 'field-added') return withNewField(operation);
  return OPERATION_CHANGES[kind]?.(operation) ?? changedField(operation, kind, random);
}

/** Half of the operations with one change each, one gone and one new. */
export function mutated(
  { origin, operations }: Description,
  random: Random,
): [Description, Description] {
  const [gone, ...others] = operations.toSorted(() => random.next() - 0.5);
  const [fresh, ...kept] = others;
  const after = kept.map((operation, at) => {
    if (at % 2 === 0) return operation;
    for (let tries = 0; tries < 10; tries += 1) {
      const one = changedOperation(operation, random.pick(CHANGES), random);
      if (one !== undefined) return one;
    }
    return operation;
  });
  const both = (more: Operation | undefined, list: readonly Operation[]): Description => ({
    origin,
    operations: more === undefined ? list : [...list, more],
  });
  return [both(gone, kept), both(fresh, after)];
}
