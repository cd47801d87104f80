import type { LearnedCall } from '@calltape/drift';
import {
  bodyText,
  decodeBody,
  header,
  type Body,
  type Endpoint,
  type Exchange,
  type HeaderLine,
} from '@calltape/store';

/** Bodies beyond this are left out by the learning; it has to see them to say so. */
const MOST_BYTES = 17 * 1024 ** 2;

/** A call as the learning takes it. */
export function learnedCallOf(
  exchange: Exchange,
  { method, origin, template }: Endpoint,
): LearnedCall {
  const { id, startedAt, request, response, outcome } = exchange;
  const answerHeaders = response?.headers ?? [];
  return {
    id,
    at: startedAt,
    method,
    origin,
    template,
    url: request.url,
    status: response?.status ?? null,
    requestContentType: header(request.headers, 'content-type') ?? null,
    responseContentType: header(answerHeaders, 'content-type') ?? null,
    requestHeaders: request.headers,
    responseHeaders: answerHeaders,
    requestBody: contentOf(request.body, request.headers),
    responseBody: response === null ? null : contentOf(response.body, answerHeaders),
    outcome,
  };
}

/** Null for content that is not all there, or not known what it is. */
function contentOf(body: Body, headers: readonly HeaderLine[]): LearnedCall['requestBody'] {
  if (body.size === 0 && body.bytes.length === 0) return body.omitted === undefined ? '' : null;
  const decoded = decodeBody(body, headers, { maxBytes: MOST_BYTES });
  if (!decoded.complete || !decoded.isPlain) return null;
  return bodyText(decoded, headers) ?? decoded.bytes;
}
