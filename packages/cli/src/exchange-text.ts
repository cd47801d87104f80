import {
  visible,
  type Exchange,
  type HeaderLine,
  type RecordedRequest,
  type RecordedResponse,
} from '@calltape/store';
import { bodyLines } from './body-text.ts';
import { timingLines } from './timing-bars.ts';
import { timeText } from './units.ts';

/** What of a call is to be shown. */
export type Part = 'whole' | 'request' | 'response';

const DROPPED = {
  request: 'the body of the request could not be kept',
  response: 'the body of the answer could not be kept',
  both: 'neither body could be kept',
} as const;

/** A call for people to read; nothing in it acts on a terminal. */
export function exchangeText(exchange: Exchange, part: Part = 'whole'): string {
  const { request, response } = exchange;
  const sent = requestLines(request);
  const got = response === null ? ['(no response)'] : responseLines(response);
  if (part === 'request') return finish(sent);
  if (part === 'response') return finish(got);
  return finish([...summaryLines(exchange), '', ...sent, '', ...got]);
}

function summaryLines(exchange: Exchange): string[] {
  const { id, recording, startedAt, outcome, error, fault, retries, peerAddress, dropped } =
    exchange;
  return [
    `Call ${id} of recording ${recording}, ${timeText(startedAt)} UTC: ${outcome}`,
    ...(error === null ? [] : [`${error.type}: ${error.message}`]),
    ...(fault === null ? [] : [`fault: ${fault}`]),
    ...(dropped === undefined ? [] : [DROPPED[dropped]]),
    ...(peerAddress === null ? [] : [`connected to ${peerAddress}`]),
    ...(retries === 0 ? [] : [retriesText(retries)]),
    ...timingLines(exchange.timings, exchange.durationMs),
  ];
}

function retriesText(retries: number): string {
  const times = retries === 1 ? 'once' : `${retries} times`;
  return `sent again ${times}: the upstream had closed a connection that was kept for it`;
}

function requestLines(request: RecordedRequest): string[] {
  const { method, url, httpVersion } = request;
  return [`${method} ${url} HTTP/${httpVersion}`, ...messageLines(request)];
}

function responseLines(response: RecordedResponse): string[] {
  const interim = response.interim.flatMap(({ status, statusText, headers, atMs }) => [
    `HTTP/${response.httpVersion} ${status} ${statusText} (after ${atMs.toFixed(1)} ms)`,
    ...fieldLines(headers),
    '',
  ]);
  const { httpVersion, status, statusText } = response;
  return [
    ...interim,
    `HTTP/${httpVersion} ${status} ${statusText}`.trimEnd(),
    ...messageLines(response),
  ];
}

function messageLines({ headers, body, trailers }: RecordedRequest | RecordedResponse): string[] {
  const content = bodyLines(body, headers);
  return [
    ...fieldLines(headers),
    ...(content.length === 0 ? [] : ['', ...content]),
    ...(trailers.length === 0 ? [] : ['', ...fieldLines(trailers)]),
  ];
}

function fieldLines(fields: readonly HeaderLine[]): string[] {
  return fields.map(([name, value]) => `${name}: ${value}`);
}

function finish(lines: readonly string[]): string {
  return lines.map((line) => `${visible(line.replaceAll('\t', '  '))}\n`).join('');
}
