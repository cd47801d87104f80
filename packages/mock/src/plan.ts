import { validateHeaderName, validateHeaderValue } from './node-http.ts';
import { header, toFlat } from '@calltape/store';
import type { Exchange, FlatHeaders, RecordedResponse } from '@calltape/store';
import { framingOf, headFields } from './framing.ts';
import { ownAnswer } from './own-answer.ts';
import { paceOf } from './pace.ts';
import type { Pace, PaceMode } from './pace.ts';
import type { ChunkStep, EndStep, Framing, HeadStep, Plan, Step } from './step.ts';

// RFC 9112 section 4: a reason phrase has no control characters.
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;

function sendable(statusText: string): string {
  return REASON_PHRASE.test(statusText) ? statusText : '';
}

/** The usual end, one for all plans. */
const END: EndStep = { kind: 'end', trailers: [] };

/** The name of a field that HTTP/1.1 cannot carry; undefined when all is well. */
function unsendableField(headers: FlatHeaders): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    try {
      validateHeaderName(name);
      validateHeaderValue(name, headers[at + 1] ?? '');
    } catch {
      return name;
    }
  }
  return undefined;
}

function contentSteps(response: RecordedResponse, pace: Pace, endMs: number | null): Step[] {
  const { bytes } = response.body;
  const steps: Step[] = [];
  let sent = 0;
  for (const { atMs, size } of response.chunks) {
    const piece = bytes.subarray(sent, sent + size);
    sent += piece.length;
    if (piece.length > 0) steps.push(...pace(atMs), { kind: 'chunk', bytes: piece });
  }
  if (sent === bytes.length) return steps;
  const rest: ChunkStep = { kind: 'chunk', bytes: bytes.subarray(sent) };
  return [...steps, ...pace(endMs), rest];
}

function interimSteps(response: RecordedResponse, pace: Pace): Step[] {
  // 100 is sent by the server itself to clients that expect it (RFC 9110 section 10.1.1).
  return response.interim
    .filter(({ status }) => status > 101 && status < 200)
    .flatMap(({ status, statusText, headers, atMs }) => [
      ...pace(atMs),
      { kind: 'interim', status, statusText: sendable(statusText), headers: toFlat(headers) },
    ]);
}

/** Whether a client that left had the whole answer by then. */
function isWhole(response: RecordedResponse, framing: Framing): boolean {
  if (framing === 'none') return true;
  const { bytes, wireSize } = response.body;
  const length = header(response.headers, 'content-length');
  return framing === 'length' && length === String(wireSize ?? bytes.length);
}

/** How the recording ended, for a client that reads to the end. */
function endSteps(exchange: Exchange, response: RecordedResponse, framing: Framing): Step[] {
  switch (exchange.outcome) {
    case 'error':
      return [{ kind: 'reset' }];
    case 'truncated':
      // The end of a close-delimited body looks the same whether it is cut or not.
      return [{ kind: framing === 'close' ? 'reset' : 'close' }];
    case 'aborted':
      // The client left and nobody knows what would have come: it may leave again.
      if (!isWhole(response, framing)) return [{ kind: 'hang' }];
      break;
    case 'complete':
    case 'interrupted':
    case 'pending':
      break;
  }
  if (response.trailers.length === 0) return [END];
  return [{ kind: 'end', trailers: toFlat(response.trailers) }];
}

function headStep(exchange: Exchange, response: RecordedResponse, framing: Framing): HeadStep {
  const { outcome } = exchange;
  const whole = outcome === 'complete' || (outcome === 'aborted' && isWhole(response, framing));
  const { status, statusText, headers } = response;
  return {
    kind: 'head',
    status,
    statusText: sendable(statusText),
    headers: headFields(headers, {
      framing,
      status,
      length: whole ? response.body.bytes.length : null,
    }),
    framing,
  };
}

function refusal(exchange: Exchange, response: RecordedResponse, head: HeadStep): Plan | undefined {
  const { bytes, size, omitted } = response.body;
  const recording = { id: exchange.id, method: exchange.request.method, url: exchange.request.url };
  if (bytes.length < size) {
    const limited =
      exchange.source === 'har'
        ? 'because the HAR has no more of it. Export the HAR again with the contents of answers.'
        : 'because the body limit of the recorder cut it. Record the call again with a larger --body-limit.';
    const why =
      omitted === undefined
        ? limited
        : `${omitted}. Record the call again with --no-redact, if its secrets may be on the tape.`;
    return ownAnswer(500, {
      code: 'RECORDING_CUT',
      message: `The tape holds only the first ${bytes.length} of the ${size} bytes of this answer, ${why}`,
      recording,
    });
  }
  const others = [...response.trailers, ...response.interim.flatMap(({ headers }) => headers)];
  const field = unsendableField([...head.headers, ...toFlat(others)]);
  if (field === undefined) return undefined;
  return ownAnswer(500, {
    code: 'RECORDING_UNSENDABLE',
    message: `The recorded header field ${JSON.stringify(field)} has characters that HTTP/1.1 cannot carry. Correct it in the file that the tape was made from and import that again.`,
    recording,
  });
}

/**
 * What a recording looks like on the wire: the recorded status, reason phrase, fields, bytes,
 * pieces and trailers, framed anew for the mock's own connection.
 *
 * A recording without an answer becomes a reset; one that the upstream cut is cut at the same
 * byte; one whose client left in the middle stays open there. A body of which the tape has only
 * the beginning is not played: answering 500 with the code `RECORDING_CUT` beats a plausible lie.
 */
export function planOf(exchange: Exchange, mode: PaceMode): Plan {
  const pace = paceOf(mode);
  const { response, durationMs, ttfbMs } = exchange;
  if (response === null) return [...pace(durationMs), { kind: 'reset' }];
  const framing = framingOf(exchange, response);
  const head = headStep(exchange, response, framing);
  const refused = refusal(exchange, response, head);
  if (refused !== undefined) return refused;
  return [
    ...interimSteps(response, pace),
    ...pace(ttfbMs),
    head,
    ...(framing === 'none' ? [] : contentSteps(response, pace, durationMs)),
    ...pace(durationMs),
    ...endSteps(exchange, response, framing),
  ];
}
