import { emptyShape, type JsonSchema, learn, schemaOf, type Shape } from './infer-schema.ts';

/** A parameter of an operation, as OpenAPI 3.1 writes it. */
export type OpenApiParameter = Readonly<Record<string, unknown>>;

interface Learned {
  calls: number;
  readonly shape: Shape;
  /** Was it ever there more than once in a call? */
  repeated: boolean;
}

/** What the parameters in the paths, queries and forms of one operation's calls have been. */
export class ParameterShapes {
  readonly #learned = new Map<string, Learned>();
  #calls = 0;

  /** @param pairs - All parameters of a call, as text. */
  add(pairs: Iterable<readonly [name: string, value: string]>): void {
    this.#calls += 1;
    const seen = new Set<string>();
    for (const [name, value] of pairs) {
      const learned = this.#named(name);
      if (seen.has(name)) learned.repeated = true;
      else learned.calls += 1;
      seen.add(name);
      learn(learned.shape, scalar(value));
    }
  }

  parameters(place: 'path' | 'query'): OpenApiParameter[] {
    return [...this.#learned].map(([name, learned]) => ({
      name,
      in: place,
      required: place === 'path' || learned.calls === this.#calls,
      schema: schemaOfParameter(learned),
    }));
  }

  /** As the fields of a form. */
  form(): JsonSchema {
    const all = [...this.#learned];
    const required = all.filter(([, { calls }]) => calls === this.#calls).map(([name]) => name);
    const properties = all.map(([name, learned]) => [name, schemaOfParameter(learned)]);
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
    };
  }

  #named(name: string): Learned {
    const known = this.#learned.get(name);
    if (known !== undefined) return known;
    const learned = { calls: 0, shape: emptyShape(), repeated: false };
    this.#learned.set(name, learned);
    return learned;
  }
}

/** In a URL everything is text, which also reads as numbers and booleans where all of it does. */
function schemaOfParameter({ shape, repeated }: Learned): JsonSchema {
  const isText = shape.string !== null;
  const plain: Shape = { ...shape, boolean: false, number: null, string: 'plain' };
  const isMixed = shape.boolean && shape.number !== null;
  const isPartly = isText && (shape.boolean || shape.number !== null);
  const schema = schemaOf(isMixed || isPartly ? plain : shape);
  return repeated ? { type: 'array', items: schema } : schema;
}

function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}
