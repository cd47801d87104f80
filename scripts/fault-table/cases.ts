/** An answer that faults are shown on. */
export interface Sample {
  /** How its end is found, as the table calls it. */
  readonly name: string;
  readonly headers: readonly string[];
  readonly content: string;
  /** Arrival and size of its chunks. */
  readonly chunks: readonly number[];
}

const CONTENT = JSON.stringify({
  id: 'ch_1',
  amount: 1250,
  status: 'paid',
  items: [{ sku: 'a-1', created_at: '2026-01-02T03:04:05Z' }],
});
const THIRD = Math.ceil(CONTENT.length / 3);

const LENGTH: Sample = {
  name: 'length',
  headers: ['Content-Type', 'application/json', 'Content-Length', String(CONTENT.length)],
  content: CONTENT,
  chunks: [],
};

const CHUNKED: Sample = {
  name: 'chunked',
  headers: ['Content-Type', 'application/json', 'Transfer-Encoding', 'chunked'],
  content: CONTENT,
  chunks: [1, THIRD, 2, THIRD, 3, CONTENT.length - 2 * THIRD],
};

const CLOSE: Sample = {
  name: 'close',
  headers: ['Content-Type', 'application/json'],
  content: CONTENT,
  chunks: [],
};

export interface Case {
  /** What a rule says behind its path. */
  readonly fault: string;
  readonly sample: Sample;
  /** Where it is found: that of no other, and without digits, which would be taken for an id. */
  readonly path: string;
}

function on(sample: Sample, ...faults: readonly string[]): Omit<Case, 'path'>[] {
  return faults.map((fault) => ({ fault, sample }));
}

function pathOf({ fault, sample }: Omit<Case, 'path'>): string {
  return `/${fault.replaceAll(/\W+|\d+/g, '-')}/${sample.name}`;
}

/** The faults that make a client wait for about as long as it is willing to. */
export function isSlow({ fault }: Case): boolean {
  return /^(?:latency|bandwidth|timeout|slow-close)/.test(fault);
}

/** Every kind of fault, on the answers where it makes a difference what they are. */
export const CASES: readonly Case[] = [
  ...on(LENGTH, 'latency=1s', 'bandwidth=100b/s', 'timeout', 'timeout at=headers'),
  ...on(LENGTH, 'reset', 'reset at=headers', 'reset at=bytes:40'),
  ...on(CHUNKED, 'reset at=chunk:1'),
  ...on(CLOSE, 'reset at=bytes:40'),
  ...on(LENGTH, 'close at=headers', 'close at=bytes:40'),
  ...on(CHUNKED, 'close at=chunk:1'),
  ...on(CLOSE, 'close at=bytes:40'),
  ...on(LENGTH, 'empty', 'truncate=50%'),
  ...on(CHUNKED, 'truncate=50%'),
  ...on(CLOSE, 'truncate=50%'),
  ...on(LENGTH, 'malformed', 'garbage', 'slow-close=1s', 'lose-reply'),
  ...on(LENGTH, 'status=503 retry-after=1', 'rate-limit=0/s', 'unauthorized'),
  ...on(LENGTH, 'drop-field=/amount', 'null-field=/amount', 'retype-field=/amount:string'),
  ...on(LENGTH, 'rename-field=/amount', 'extra-field=/amount', 'new-enum=/status'),
  ...on(LENGTH, 'empty-array=/items', 'drift'),
].map((one) => ({ ...one, path: pathOf(one) }));
