import type { ChunkStep, HeadStep, Plan, Step } from './step.ts';

/** The waits in front of everything else; a fault that replaces the answer keeps them. */
export function leadingWaits(plan: Plan): Plan {
  const end = plan.findIndex((step) => step.kind !== 'wait');
  return end === -1 ? plan : plan.slice(0, end);
}

export function headOf(plan: Plan): HeadStep | undefined {
  return plan.find((step) => step.kind === 'head');
}

/** Whether the real API is to give the answer. */
export function awaitsAnswer(plan: Plan): boolean {
  return plan.at(-1)?.kind === 'pass';
}

function isChunk(step: Step): step is ChunkStep {
  return step.kind === 'chunk';
}

/** Bytes of content in a plan. */
export function contentLength(plan: Plan): number {
  return plan.filter(isChunk).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** Bytes of content in a plan's first `count` chunks; undefined when it has fewer. */
export function lengthOfChunks(plan: Plan, count: number): number | undefined {
  const chunks = plan.filter(isChunk);
  return chunks.length < count ? undefined : contentLength(chunks.slice(0, count));
}

/** Whether a client that has read `length` bytes of content knows that it has the whole answer. */
export function isWholeAt(plan: Plan, length: number): boolean {
  const framing = headOf(plan)?.framing;
  return framing === 'none' || (framing === 'length' && length >= contentLength(plan));
}

/** A plan up to the end of the first `length` bytes of content; the end itself is left out. */
export function upToContent(plan: Plan, length: number): Plan {
  const steps: Step[] = [];
  let left = length;
  for (const step of plan) {
    if (left <= 0 && steps.some(({ kind }) => kind === 'head')) break;
    if (step.kind === 'end') break;
    if (isChunk(step)) {
      const bytes = step.bytes.subarray(0, left);
      left -= bytes.length;
      steps.push(bytes.length === step.bytes.length ? step : { kind: 'chunk', bytes });
    } else steps.push(step);
  }
  return steps;
}

/** The content of a plan, whole. */
export function contentOf(plan: Plan): Uint8Array {
  const pieces = plan.filter(isChunk).map(({ bytes }) => bytes);
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/** Whether an answer is the mock's own and no recording's. */
export function isOwn(head: HeadStep): boolean {
  return head.headers.some((text, at) => at % 2 === 0 && text === 'x-calltape-error');
}
