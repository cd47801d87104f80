import type { Exchange, HeaderLine, RecordedResponse } from '@calltape/store';
import { wrap } from './cells.ts';
import { bodyLines } from './detail-body.ts';
import { duration } from './format.ts';
import { type Line, span } from './line.ts';
import { safe, type Safe, show } from './safe.ts';

function headerLines(title: Safe, headers: readonly HeaderLine[], width: number): Line[] {
  if (headers.length === 0) return [];
  const lines = headers.flatMap(([name, value]) => {
    const text = safe`${show(name)}: ${show(value)}`;
    return wrap(text, width - 4).map((piece, at): Line => [
      span(at === 0 ? safe`  ` : safe`    `),
      span(piece),
    ]);
  });
  return [[span(title, 'title')], ...lines];
}

/** The request's headers, body and trailers. */
export function requestLines({ request }: Exchange, width: number): Line[] {
  return [
    ...headerLines(safe`REQUEST HEADERS`, request.headers, width),
    [],
    ...bodyLines(safe`REQUEST BODY`, request.body, request.headers, width),
    ...headerLines(safe`REQUEST TRAILERS`, request.trailers, width),
  ];
}

function interimLines({ interim }: RecordedResponse, width: number): Line[] {
  return interim.flatMap(({ status, statusText, headers, atMs }) =>
    headerLines(safe`${status} ${show(statusText)} after ${duration(atMs)} ms`, headers, width),
  );
}

/** The response's headers, body and trailers, and any 1xx response before it. */
export function responseLines({ response }: Exchange, width: number): Line[] {
  if (response === null) return [[span(safe`NO RESPONSE`, 'title')]];
  return [
    ...interimLines(response, width),
    ...headerLines(safe`RESPONSE HEADERS`, response.headers, width),
    [],
    ...bodyLines(safe`RESPONSE BODY`, response.body, response.headers, width),
    ...headerLines(safe`RESPONSE TRAILERS`, response.trailers, width),
  ];
}
