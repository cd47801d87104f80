// What a description says of bodies and operations, whatever notation it was written in.

export interface TextShape {
  readonly type: 'string';
  /** As in OpenAPI: `date-time`, `uri`, `uuid`, `id` ...; `text` for none. */
  readonly format: string;
  readonly values?: readonly string[];
}

export interface ScalarShape {
  readonly type: 'integer' | 'number' | 'boolean';
}

export interface ArrayShape {
  readonly type: 'array';
  readonly items: Shape;
}

export interface MapShape {
  readonly type: 'map';
  readonly values: Shape;
}

export interface Field {
  readonly shape: Shape;
  readonly required: boolean;
}

export interface ObjectShape {
  readonly type: 'object';
  readonly fields: ReadonlyMap<string, Field>;
}

export type OneShape = TextShape | ScalarShape | ArrayShape | MapShape | ObjectShape;

/** One of several; several objects are variants, told apart by a tag. */
export interface Shape {
  readonly nullable: boolean;
  readonly oneOf: readonly OneShape[];
}

export interface Operation {
  readonly method: string;
  readonly template: string;
  /** Of the answer that means success. */
  readonly status: number;
  readonly contentType: string;
  readonly headers: readonly string[];
  /** Null: no content. */
  readonly body: Shape | null;
}

/** One version of an API. */
export interface Description {
  readonly origin: string;
  readonly operations: readonly Operation[];
}

export interface Pair {
  readonly name: string;
  readonly before: Description;
  readonly after: Description;
}

export function operationKey({ method, template }: Pick<Operation, 'method' | 'template'>): string {
  return `${method} ${template}`;
}

export function single(one: OneShape, nullable = false): Shape {
  return { nullable, oneOf: [one] };
}

export function fieldAt(location: string, name: string): string {
  return `${location}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
