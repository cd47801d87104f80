import type { Exchange, HeaderLine } from '@calltape/store';
import { MockError } from '../errors.ts';
import { withHeader, withoutHeaders } from './header-lines.ts';

// They speak of the recorded connection, or are made anew (RFC 9110 sections 7.6.1 and 10.1.1).
const NOT_SENT: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The recorded headers as they go to another host, with the right length. */
export function outgoingHeaders(
  { request: { method, headers, body } }: Exchange,
  host: string,
): readonly HeaderLine[] {
  const nominated = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim());
  const kept = withoutHeaders(headers, [...NOT_SENT, ...nominated]).filter(
    ([name]) => !name.startsWith(':'),
  );
  const addressed = withHeader(kept, 'Host', host);
  if (body.bytes.length === 0 && (method === 'GET' || method === 'HEAD')) return addressed;
  return withHeader(addressed, 'Content-Length', String(body.bytes.length));
}

/** Throws MockError WEBHOOK_CUT when the tape does not have the whole body of a call. */
export function checkWhole({ id, request, outcome }: Exchange): void {
  const { bytes, size } = request.body;
  if (bytes.length < size) throw cut(id, bytes.length, size);
  // A body that never came to its end is shorter than its sender said.
  const said = Number(
    request.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? '0',
  );
  if (outcome !== 'complete' && said > size) throw cut(id, size, said);
}

function cut(id: number, kept: number, size: number): MockError {
  return new MockError(
    'WEBHOOK_CUT',
    `Call ${id} cannot be sent again: the tape has ${kept} of the ${size} bytes of its body. ` +
      'Record it again, with a larger --body-limit if it was longer than that.',
  );
}
