import type { HeadScan } from './head-scan.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/** The content comes in chunks. */
export const IN_CHUNKS = -1;
/** The content ends with the connection. */
export const TO_THE_END = -2;

/** How the end of an answer's content is found: its length in bytes, or one of the two above. */
export type ResponseFraming = number;

/** The longest length that a number holds exactly has 16 digits. */
const LENGTH = /^\d{1,15}$/;

function lengthOf(head: HeadScan): number {
  if (head.lengths > 1) throw new MalformedAnswer('it gives its length more than once');
  const text = head.valueAt(head.lengthAt);
  if (LENGTH.test(text)) return Number(text);
  throw new MalformedAnswer('its Content-Length is not a number of bytes');
}

/** `identity` was once the name for no coding at all; it leaves the end to the connection. */
function codedFraming(codings: string): ResponseFraming {
  const names = codings.toLowerCase().split(',');
  const last = names.pop()?.trim();
  if (last === 'identity' && names.length === 0) return TO_THE_END;
  const isFine = last === 'chunked' && names.every((name) => /^\s*[a-z-]+\s*$/.test(name));
  if (isFine && !names.some((name) => name.trim() === 'chunked')) return IN_CHUNKS;
  throw new MalformedAnswer(`its transfer coding "${codings}" is not known`);
}

/**
 * RFC 9112 section 6.3, where it leaves a choice the strict one: an answer that two readers could end
 * at different places is refused.
 *
 * @param toHead - It answers a HEAD request.
 * @throws MalformedAnswer
 */
export function responseFraming(status: number, toHead: boolean, head: HeadScan): ResponseFraming {
  const isCoded = head.codingLines > 0;
  if (isCoded && head.lengths > 0) {
    throw new MalformedAnswer('it gives both a length and a transfer coding');
  }
  const coded = isCoded ? codedFraming(head.codings) : TO_THE_END;
  const framing = head.lengths > 0 ? lengthOf(head) : coded;
  return toHead || status === 204 || status === 304 ? 0 : framing;
}
