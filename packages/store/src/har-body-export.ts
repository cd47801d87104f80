import { contentCodings, decodeBody } from './decode.ts';
import { bodyText } from './decode-text.ts';
import type { Body, HeaderLine } from './exchange.ts';

/** A body as HAR wants it, and as it was where that loses bytes. */
export interface ExportedContent {
  /** Decoded text, or base64 of the decoded bytes when `encoding` says so. */
  readonly text: string;
  readonly encoding?: 'base64';
  /** Length of the decoded content in bytes. */
  readonly size: number;
  /** The stored bytes; only where `text` does not give them back. */
  readonly base64?: string;
  /** Why `text` is not the whole content. */
  readonly comment: string | null;
}

export function exportContent(body: Body, headers: readonly HeaderLine[]): ExportedContent {
  const decoded = decodeBody(body, headers);
  const asText = bodyText(decoded, headers);
  const text = asText ?? base64Of(decoded.bytes);
  const given = asText === null ? decoded.bytes : Buffer.from(asText);
  const size = contentCodings(headers).length === 0 ? body.size : decoded.bytes.length;
  return {
    text,
    ...(asText === null ? { encoding: 'base64' } : {}),
    size,
    ...(Buffer.compare(given, body.bytes) === 0 ? {} : { base64: base64Of(body.bytes) }),
    comment: decoded.problem,
  };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
