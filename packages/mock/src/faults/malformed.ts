import type { FaultKind } from '../fault.ts';
import { withoutField } from '../flat-headers.ts';
import { contentLength, headOf, upToContent } from '../plan-parts.ts';
import type { Plan, Step } from '../step.ts';
import { plainKind } from './plain-kind.ts';

/** A chunk whose size is no hexadecimal number (RFC 9112 section 7.1). */
const BAD_CHUNK = Buffer.from('not-a-size\r\n');

function asChunked(step: Step): Step {
  if (step.kind !== 'head' || step.framing === 'chunked') return step;
  const headers = withoutField(withoutField(step.headers, 'content-length'), 'connection');
  return {
    ...step,
    headers: [...headers, 'Transfer-Encoding', 'chunked'],
    framing: 'chunked',
  };
}

function malform(plan: Plan): Plan {
  const framing = headOf(plan)?.framing;
  if (framing === undefined || framing === 'none') return plan;
  const half = upToContent(plan, Math.floor(contentLength(plan) / 2));
  return [...half.map(asChunked), { kind: 'raw', bytes: BAD_CHUNK }, { kind: 'close' }];
}

/** Half of the content in chunks, then a chunk with a size that is none, then FIN. */
export const malformed: FaultKind = plainKind('malformed', malform, 'whole');
