import { MAX_DURATION_MS } from '../duration.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { contentLength } from '../plan-parts.ts';
import type { Plan, Step } from '../step.ts';

const USAGE = 'bandwidth=2kb/s (b, kb or mb)';
const BYTES: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 ** 2],
]);
const SLICES_PER_SECOND = 10;
/** Large content at a low rate goes in larger slices, so that a plan stays short. */
const MOST_SLICES = 10_000;

function* slices(bytes: Uint8Array, size: number, bytesPerMs: number): Generator<Step> {
  for (let at = 0; at < bytes.length; at += size) {
    const slice = bytes.subarray(at, at + size);
    yield { kind: 'wait', ms: Math.min(slice.length / bytesPerMs, MAX_DURATION_MS) };
    yield { kind: 'chunk', bytes: slice };
  }
}

function slowed(plan: Plan, bytesPerSecond: number): Plan {
  if (contentLength(plan) === 0) return plan;
  // Told by the content up to there, since there may be more to come.
  let length = 0;
  return plan.flatMap((step) => {
    if (step.kind !== 'chunk') return [step];
    length += step.bytes.length;
    const size = Math.ceil(Math.max(bytesPerSecond / SLICES_PER_SECOND, length / MOST_SLICES));
    return [...slices(step.bytes, size, bytesPerSecond / 1_000)];
  });
}

function parse({ value, refuse }: FaultInput): Fault {
  const [, number = '', unit = ''] =
    /^(\d{1,9}(?:\.\d{1,3})?)(b|kb|mb)\/s$/.exec(value ?? '') ?? [];
  const bytesPerSecond = Number(number) * (BYTES.get(unit) ?? 0);
  if (bytesPerSecond > 0) return (plan) => slowed(plan, bytesPerSecond);
  throw refuse(
    value === undefined ? 'bandwidth' : `bandwidth=${value}`,
    `bandwidth takes bytes per second: ${USAGE}`,
  );
}

/** The content comes at most that fast, in ten slices a second; the head is not slowed. */
export const bandwidth: FaultKind = {
  name: 'bandwidth',
  usage: USAGE,
  keys: [],
  usesUp: true,
  onAnswer: 'beginning',
  parse,
};
