import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Node } from './json-node.ts';

/** Something in which a value is not as its schema says. */
export interface SchemaProblem {
  readonly keyword: string;
  /** JSON Pointer into the value. */
  readonly at: string;
  /** The property that is missing or too much; empty for other keywords. */
  readonly property: string;
  /** What the keyword asks for. */
  readonly wanted: unknown;
  readonly value: unknown;
}

const ROOT = 'contract';

/**
 * The schemas of one document, each compiled when it is first used and kept as long as this is. Ajv
 * keeps whatever it has compiled, so another document needs another one of these.
 */
export class DocumentSchemas {
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction | string>();

  /** @param document - Not changed from here on. */
  constructor(document: Node) {
    this.#ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      ownProperties: true,
      strict: false,
      validateSchema: false,
      unicodeRegExp: false,
      logger: false,
    });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, ROOT);
  }

  /**
   * What is wrong with a value by the schema at a place of the document; as text, why that cannot be
   * known. Throws RangeError where a schema that refers to itself goes as deep as a value that is too deep.
   */
  problems(pointer: string, value: unknown): readonly SchemaProblem[] | string {
    const validate = this.#validator(pointer);
    if (typeof validate === 'string') return validate;
    return validate(value) ? [] : (validate.errors ?? []).map(problemOf);
  }

  #validator(pointer: string): ValidateFunction | string {
    const known = this.#compiled.get(pointer);
    if (known !== undefined) return known;
    const made = this.#compile(pointer);
    this.#compiled.set(pointer, made);
    return made;
  }

  #compile(pointer: string): ValidateFunction | string {
    try {
      return this.#ajv.compile({ $ref: `${ROOT}#${encoded(pointer)}` });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `its schema does not work: ${reason}`;
    }
  }
}

function encoded(pointer: string): string {
  return pointer.split('/').map(encodeURIComponent).join('/');
}

function problemOf({ keyword, instancePath, params, schema, data }: ErrorObject): SchemaProblem {
  const property = params['missingProperty'] ?? params['additionalProperty'] ?? '';
  return { keyword, at: instancePath, property: String(property), wanted: schema, value: data };
}
