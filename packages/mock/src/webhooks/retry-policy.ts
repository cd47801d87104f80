import { header, type HeaderLine } from '@calltape/store';
import type { WebhookRequest } from './webhook-request.ts';

/** What an app answered. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/**
 * Why a delivery was not accepted. `connect`: no connection. `cut`: the connection ended before the
 * answer. `timeout`: no answer in time. `answer`: one that does not count as success.
 */
export type WebhookFailure =
  | { readonly kind: 'connect' | 'cut'; readonly code: string }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'answer'; readonly answer: WebhookAnswer };

/** A further attempt, to be told of in headers. */
export interface Retry {
  /** 1 is the first attempt after the original one. */
  readonly number: number;
  readonly last: WebhookFailure;
  /** When the original attempt was made, milliseconds since the Unix epoch. */
  readonly firstAt: number;
}

/** How a provider goes on when an app does not accept a delivery. */
export interface RetryPolicy {
  /** Milliseconds from each failure to the next attempt. */
  readonly delaysMs: readonly number[];
  /** How long the app may take to answer. */
  readonly timeoutMs: number;
  readonly accepts: (answer: WebhookAnswer, request: WebhookRequest, secret: string) => boolean;
  readonly retriesAfter: (failure: WebhookFailure) => boolean;
  /** Headers that only retries carry, in lower case: those that were recorded are not sent. */
  readonly marks: readonly string[];
  readonly markOf: (retry: Retry) => readonly HeaderLine[];
}

const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** RFC 9110 section 15.3: any 2xx. Redirects are not followed. */
export function isSuccess({ status }: WebhookAnswer): boolean {
  return status >= 200 && status < 300;
}

/** One attempt, ten seconds, any 2xx: what holds where a provider says nothing else. */
export const ONE_ATTEMPT: RetryPolicy = {
  delaysMs: [],
  timeoutMs: 10 * SECOND,
  accepts: isSuccess,
  retriesAfter: () => true,
  marks: [],
  markOf: () => [],
};

/** So many delays, each twice the one before, that fill a length of time. */
export function doubling(count: number, withinMs: number): number[] {
  const first = withinMs / (2 ** count - 1);
  return Array.from({ length: count }, (_, at) => Math.round(first * 2 ** at));
}

/** So many equal delays that fill a length of time. */
export function even(count: number, withinMs: number): number[] {
  return Array.from({ length: count }, () => Math.round(withinMs / count));
}

/** Delays that double up to a longest one, as many as fit into a length of time. */
export function doublingUpTo(firstMs: number, longestMs: number, withinMs: number): number[] {
  const delays: number[] = [];
  let next = firstMs;
  for (let left = withinMs; left >= next; next = Math.min(next * 2, longestMs)) {
    delays.push(next);
    left -= next;
  }
  return delays;
}

/** Delays for a wanted number of retries: the provider's own, then each twice the one before, to a day. */
export function delaysFor(count: number, own: readonly number[]): number[] {
  const delays = own.slice(0, count);
  while (delays.length < count)
    delays.push(Math.max(SECOND, Math.min(DAY, (delays.at(-1) ?? 0) * 2)));
  return delays;
}

/** The failure in the words of Slack's and Square's headers. */
export function reasonWord(failure: WebhookFailure, connect: string): string {
  if (failure.kind === 'timeout') return 'http_timeout';
  if (failure.kind !== 'answer' && /CERT|TLS|SSL|SIGNED/.test(failure.code)) return 'ssl_error';
  return failure.kind === 'connect' ? connect : 'http_error';
}

/** Whether an answer has a header with this value. */
export function says(answer: WebhookAnswer, name: string, value: string): boolean {
  return header(answer.headers, name)?.trim() === value;
}
