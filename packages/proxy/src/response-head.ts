import { removeNamed } from './head-scan.ts';
import type { HeadScan } from './head-scan.ts';

const LAST_IS_CHUNKED = /(?:^|,)\s*chunked\s*$/i;
/** What node:http would refuse in a reason phrase. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/g;
/** An idle connection is dropped this long before its upstream would drop it, ms. */
const IDLE_MARGIN_MS = 1000;

/** What a response's framing depends on besides its own field lines. */
export interface ResponseContext {
  readonly status: number;
  readonly toHead: boolean;
  /** An HTTP/1.0 client cannot read chunked content (RFC 9112 section 6.1). */
  readonly chunkedAllowed: boolean;
}

export interface ResponseHead {
  readonly fields: string[];
  readonly hasBody: boolean;
  /** The client can tell a whole answer from a cut one by its framing. */
  readonly framed: boolean;
  /** Content whose chunks are worth their arrival times. */
  readonly streams: boolean;
  /** Transfer codings as the upstream has named them; empty for none. */
  readonly codings: string;
}

function isChunked(head: HeadScan): boolean {
  return LAST_IS_CHUNKED.test(head.codings);
}

/**
 * The head to send to the client. 204 and 304 have no content (RFC 9110 sections 15.3.5, 15.4.5),
 * so they keep no transfer coding, and 204 no length either (section 8.6).
 */
export function responseHead(head: HeadScan, context: ResponseContext): ResponseHead {
  const { status, toHead, chunkedAllowed } = context;
  const bodiless = status === 204 || status === 304;
  const chunked = isChunked(head) && chunkedAllowed && !bodiless;
  const streams = isChunked(head) || head.eventStream;
  const wrongLength = status === 204 && head.lengthAt !== -1 && head.valueAt(head.lengthAt) !== '0';
  const framed = chunkedAllowed || head.lengthAt !== -1;
  head.moveLengthBehindDisposition();
  const fields = head.wireFields(chunked);
  if (head.codings !== '' && !chunked) removeNamed(fields, ['transfer-encoding']);
  if (wrongLength) removeNamed(fields, ['content-length']);
  return { fields, hasBody: !bodiless && !toHead, framed, streams, codings: head.codings };
}

/** The field lines of a 1xx response, which has no content (RFC 9110 section 15.2). */
export function interimFields(head: HeadScan): string[] {
  const fields = head.wireFields(false);
  removeNamed(fields, ['transfer-encoding', 'content-length']);
  return fields;
}

export function sendableReason(reason: string): string {
  return reason.replace(UNSENDABLE, '');
}

/**
 * How long an idle connection may be kept by the upstream's `Keep-Alive: timeout=` hint, ms; null
 * without a hint, 0 when it is too short to be of use.
 */
export function idleHintMs(head: HeadScan): number | null {
  if (head.keepAlive === '') return null;
  const seconds = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(head.keepAlive)?.[1];
  return seconds === undefined ? null : Math.max(0, Number(seconds) * 1000 - IDLE_MARGIN_MS);
}
