import {
  bodyText,
  decodeBody,
  header,
  visible,
  type Body,
  type Exchange,
  type HeaderLine,
  type Timings,
} from '@calltape/store';
import { sizeText, timeText } from './units.ts';

/** More than this of a body is not for reading on a terminal. */
const MOST_BYTES = 64 * 1024;

const DROPPED = {
  request: 'the body of the request could not be kept',
  response: 'the body of the answer could not be kept',
  both: 'neither body could be kept',
} as const;

/** A whole call for people to read; nothing in it acts on a terminal. */
export function exchangeText(exchange: Exchange): string {
  const { request, response } = exchange;
  const lines = [
    `Call ${exchange.id} of recording ${exchange.recording}, ` +
      `${timeText(exchange.startedAt)} UTC: ${exchange.outcome}`,
    ...(exchange.error === null ? [] : [`${exchange.error.type}: ${exchange.error.message}`]),
    ...(exchange.fault === null ? [] : [`fault: ${exchange.fault}`]),
    ...(exchange.dropped === undefined ? [] : [DROPPED[exchange.dropped]]),
    ...(exchange.retries === 0 ? [] : [retriesText(exchange.retries)]),
    `timings: ${timingsText(exchange.timings, exchange.durationMs)}`,
    '',
    `${request.method} ${request.url} HTTP/${request.httpVersion}`,
    ...messageLines(request.headers, request.body, request.trailers),
  ];
  if (response === null) return finish([...lines, '', '(no response)']);
  for (const { status, statusText, headers } of response.interim) {
    lines.push('', `HTTP/1.1 ${status} ${statusText}`, ...fieldLines(headers));
  }
  return finish([
    ...lines,
    '',
    `HTTP/${response.httpVersion} ${response.status} ${response.statusText}`,
    ...messageLines(response.headers, response.body, response.trailers),
  ]);
}

function retriesText(retries: number): string {
  const times = retries === 1 ? 'once' : `${retries} times`;
  return `sent again ${times}: the upstream had closed a connection that was kept for it`;
}

function messageLines(
  headers: readonly HeaderLine[],
  body: Body,
  trailers: readonly HeaderLine[],
): string[] {
  const content = body.size === 0 ? [] : ['', ...contentLines(body, headers)];
  const ending = trailers.length === 0 ? [] : ['', ...fieldLines(trailers)];
  return [...fieldLines(headers), ...content, ...ending];
}

function fieldLines(fields: readonly HeaderLine[]): string[] {
  return fields.map(([name, value]) => `${name}: ${value}`);
}

function contentLines(body: Body, headers: readonly HeaderLine[]): string[] {
  const decoded = decodeBody(body, headers, { maxBytes: MOST_BYTES });
  const text = bodyText(decoded, headers);
  const note = decoded.problem === null ? [] : [`(${decoded.problem})`];
  if (text === null) return [`(binary content, ${sizeText(body.size)})`, ...note];
  return [...readable(text, headers).split(/\r?\n/), ...note];
}

/** JSON is laid out; any other text stays as it is. */
function readable(text: string, headers: readonly HeaderLine[]): string {
  if (!/[/+]json\b/i.test(header(headers, 'content-type') ?? '')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function timingsText(timings: Timings, durationMs: number | null): string {
  const phases = Object.entries<number | null>({ ...timings, total: durationMs });
  const known = phases.flatMap(([name, ms]) =>
    ms === null ? [] : [`${name} ${ms.toFixed(1)} ms`],
  );
  return known.length === 0 ? 'not known' : known.join(', ');
}

function finish(lines: readonly string[]): string {
  return lines.map((line) => `${visible(line.replaceAll('\t', '  '))}\n`).join('');
}
