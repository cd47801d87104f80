// Draws the calls of one side: so many resources for each operation, some asked for again.
import { drawId, idStyle, ValueDrawer } from './draw-value.ts';
import { Random } from './random.ts';
import type { Description, Operation } from './shape.ts';
import { operationKey } from './shape.ts';
import { ERROR_BODY } from './openapi.ts';

/** A call, and the operation that it is of. */
export interface DrawnCall {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: readonly string[];
  /** Empty: none. */
  readonly body: string;
}

const FEW_SHARE = 0.2;
const ERROR_SHARE = 0.07;
const ERRORS = [404, 404, 422, 429];

function urlOf(random: Random, origin: string, { template }: Operation): string {
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    drawId(random, idStyle(origin + name), origin + name),
  );
  const query = template.endsWith('}') ? '' : `?page=${random.between(1, 500)}`;
  return `${origin}${path}${query}`;
}

function headersOf(random: Random, { contentType, headers }: Operation): readonly string[] {
  const type = contentType === '' ? [] : ['content-type', `${contentType}; charset=utf-8`];
  return [...type, ...headers.flatMap((name) => [name, random.text(8, '0123456789abcdef')])];
}

class Side {
  readonly #random: Random;
  readonly #origin: string;

  constructor(random: Random, origin: string) {
    this.#random = random;
    this.#origin = origin;
  }

  *callsOf(operation: Operation): IterableIterator<DrawnCall> {
    const random = this.#random;
    // As often called before as after, about.
    const isRare = new Random(operationKey(operation) + this.#origin).chance(FEW_SHARE);
    const count = isRare ? random.between(3, 8) : random.between(15, 40);
    for (let n = 0; n < count; n += 1) {
      const call = this.#answer(operation);
      yield call;
      while (random.chance(0.25)) yield call;
      if (random.chance(ERROR_SHARE)) yield this.error(operation, random.pick(ERRORS));
    }
  }

  #answer(operation: Operation): DrawnCall {
    const { method, status, body } = operation;
    const key = operationKey(operation);
    const drawer = new ValueDrawer(this.#random, key);
    return {
      operation: key,
      method,
      url: urlOf(this.#random, this.#origin, operation),
      status,
      headers: headersOf(this.#random, operation),
      body: body === null ? '' : JSON.stringify(drawer.value(body)),
    };
  }

  error(operation: Operation, status: number): DrawnCall {
    const contentType = 'application/json';
    const body = JSON.stringify(new ValueDrawer(this.#random, 'error').value(ERROR_BODY));
    const headers = headersOf(this.#random, { ...operation, contentType });
    return { ...this.#answer(operation), status, headers, body };
  }
}

/** In an order that tells nothing. An operation that is gone is still asked for: 404. */
export function drawCalls(
  { origin, operations }: Description,
  gone: readonly Operation[],
  seed: string,
): DrawnCall[] {
  const random = new Random(seed);
  const side = new Side(random, origin);
  const calls = operations.flatMap((operation) => [...side.callsOf(operation)]);
  for (const operation of gone) {
    for (let n = random.between(8, 20); n > 0; n -= 1) calls.push(side.error(operation, 404));
  }
  return calls
    .map((call) => ({ call, order: random.next() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ call }) => call);
}
