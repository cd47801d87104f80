import type { HeadScan } from './head-scan.ts';

/** How the end of a message's content is found (RFC 9112 section 6.3). */
export type RequestFraming = 'none' | 'length' | 'chunked';

/** The parser has refused every other coding and both fields at once. */
export function requestFraming(head: HeadScan): RequestFraming {
  if (head.codings !== '') return 'chunked';
  return head.lengthAt === -1 || head.valueAt(head.lengthAt) === '0' ? 'none' : 'length';
}

/**
 * The field lines to send upstream.
 *
 * @param authority - The upstream's own, put in place of the client's `Host`, or where it is missing.
 * @param keepHost - Leave the client's `Host` as it is.
 */
export function requestFields(head: HeadScan, authority: string, keepHost: boolean): string[] {
  const { hostAt } = head;
  if (hostAt !== -1 && !keepHost) head.fields[hostAt + 1] = authority;
  const fields = head.wireFields(head.codings !== '');
  if (hostAt === -1) fields.unshift('Host', authority);
  return fields;
}
