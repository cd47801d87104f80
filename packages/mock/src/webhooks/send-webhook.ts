import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, HeaderLine } from '@calltape/store';
import { MockError } from '../errors.ts';
import { withHeader, withoutHeaders } from './header-lines.ts';
import { checkWhole, outgoingHeaders } from './outgoing.ts';
import { post, type Letter } from './post.ts';
import { withParameter } from './query-parameters.ts';
import { describeAs, requestOf, schemeOfCall } from './recognise.ts';
import { schemeOf } from './registry.ts';
import { delaysFor, type Retry, type RetryPolicy, type WebhookFailure } from './retry-policy.ts';
import type { SecretNeed, WebhookProvider, WebhookScheme } from './scheme.ts';
import type { WebhookRequest } from './webhook-request.ts';
import { OTHER } from './schemes/other.ts';
import { targetUrl } from './target-url.ts';

export interface WebhookOptions {
  /** The app: its origin, to keep the recorded path; or the whole URL to call. */
  readonly to: string | URL;
  /** What the provider signs with; the private key for Discord. */
  readonly secret?: string;
  /** Whose webhook it is. Default: what the call shows. */
  readonly provider?: WebhookProvider;
  /** Send the headers as they were recorded, without a new signature. */
  readonly unsigned?: boolean;
  /** The URL that the app believes to be called at, for providers that sign it; or its origin. */
  readonly publicUrl?: string | URL;
  /** `real`: as the provider does; a number: at most so many, after any failure. Default `none`. */
  readonly retries?: 'real' | 'none' | number;
  /** How many times faster than the provider retries are made; Infinity waits for nothing. Default 1. */
  readonly speed?: number;
  /** How long the app may take to answer, milliseconds. Default: as long as the provider waits. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told of each attempt as it ends. */
  readonly onAttempt?: (attempt: WebhookAttempt) => void | Promise<void>;
}

export interface WebhookAttempt {
  /** From 1. */
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly url: string;
  /** Null when the app did not answer. */
  readonly status: number | null;
  /** Why there was no answer: a code of Node.js such as ECONNREFUSED, or TIMEOUT. */
  readonly error: string | null;
  readonly accepted: boolean;
  /** Milliseconds until the next attempt; null when there is none. */
  readonly nextMs: number | null;
}

export interface SentWebhook {
  readonly provider: WebhookProvider;
  readonly event: string | null;
  readonly accepted: boolean;
  readonly attempts: readonly WebhookAttempt[];
}

/** A delivery that has been checked and can be made. */
export interface PreparedWebhook {
  readonly provider: WebhookProvider;
  readonly event: string | null;
  /** How much a secret matters to this provider. */
  readonly secretNeed: SecretNeed;
  readonly url: string;
  readonly send: () => Promise<SentWebhook>;
}

/**
 * Makes a recorded delivery again, signed as its provider signs, as of now.
 *
 * @throws MockError WEBHOOK_CUT, WEBHOOK_SECRET_MISSING, WEBHOOK_SECRET_INVALID or
 * WEBHOOK_TARGET_INVALID; that the app does not accept it is no error.
 */
export async function sendWebhook(
  exchange: Exchange,
  options: WebhookOptions,
): Promise<SentWebhook> {
  return await prepareWebhook(exchange, options).send();
}

/** All that {@link sendWebhook} checks, before anything is sent. Throws the same errors. */
export function prepareWebhook(exchange: Exchange, options: WebhookOptions): PreparedWebhook {
  checkWhole(exchange);
  const { provider } = options;
  const scheme = provider === undefined ? (schemeOfCall(exchange) ?? OTHER) : schemeOf(provider);
  const delivery = new Delivery(exchange, scheme, options);
  delivery.letter(Date.now(), null);
  const { event } = describeAs(scheme, requestOf(exchange));
  return {
    provider: scheme.name,
    event,
    secretNeed: scheme.secretNeed,
    url: delivery.url,
    send: async () => {
      const attempts = await delivery.attempts();
      const accepted = attempts.at(-1)?.accepted ?? false;
      return { provider: scheme.name, event, accepted, attempts };
    },
  };
}

/** Node's timers take no more, and ring at once instead. */
const MOST_MS = 2 ** 31 - 1;

class Delivery {
  readonly url: string;
  readonly #request: WebhookRequest;
  readonly #scheme: WebhookScheme;
  readonly #options: WebhookOptions;
  readonly #policy: RetryPolicy;
  readonly #delaysMs: readonly number[];

  constructor(exchange: Exchange, scheme: WebhookScheme, options: WebhookOptions) {
    this.#scheme = scheme;
    this.#options = options;
    this.url = targetUrl(exchange.request.url, options.to);
    const { method, body } = requestOf(exchange);
    const policy = scheme.retry(requestOf(exchange));
    const headers = outgoingHeaders(exchange, new URL(this.url).host);
    this.#policy = policy;
    this.#request = { method, body, headers: withoutHeaders(headers, policy.marks), url: this.url };
    this.#delaysMs = delaysOf(policy, options);
  }

  /** @param retry - Null for the original attempt. */
  letter(now: number, retry: Retry | null): Letter {
    const marks = retry === null ? [] : this.#policy.markOf(retry);
    const marked = marks.reduce(
      (lines: readonly HeaderLine[], [name, value]) => withHeader(lines, name, value),
      this.#request.headers,
    );
    const { headers, parameters } = this.#signed({ ...this.#request, headers: marked }, now);
    return {
      method: this.#request.method,
      body: this.#request.body,
      headers,
      url: parameters.reduce((url, [name, value]) => withParameter(url, name, value), this.url),
      timeoutMs: Math.min(MOST_MS, this.#options.timeoutMs ?? this.#policy.timeoutMs),
      signal: this.#options.signal,
    };
  }

  async attempts(): Promise<WebhookAttempt[]> {
    const attempts: WebhookAttempt[] = [];
    const firstAt = Date.now();
    let retry: Retry | null = null;
    for (;;) {
      const { attempt, failure } = await this.#attempt(attempts.length + 1, retry);
      attempts.push(attempt);
      await this.#options.onAttempt?.(attempt);
      if (failure === null || attempt.nextMs === null) return attempts;
      await sleep(attempt.nextMs, undefined, { signal: this.#options.signal });
      retry = { number: attempts.length, last: failure, firstAt };
    }
  }

  async #attempt(
    number: number,
    retry: Retry | null,
  ): Promise<{ attempt: WebhookAttempt; failure: WebhookFailure | null }> {
    const startedAt = Date.now();
    const began = performance.now();
    const letter = this.letter(startedAt, retry);
    const reply = await post(letter);
    const durationMs = performance.now() - began;
    const answer = 'answer' in reply ? reply.answer : null;
    const { secret = '' } = this.#options;
    const asSent = { ...this.#request, url: letter.url };
    const accepted = answer !== null && this.#policy.accepts(answer, asSent, secret);
    const failure = accepted ? null : failureOf(reply);
    const nextMs = failure === null ? null : this.#next(number, failure);
    const { url } = letter;
    const error = answer === null && failure !== null ? errorCode(failure) : null;
    const status = answer?.status ?? null;
    return {
      attempt: { number, startedAt, durationMs, url, status, error, accepted, nextMs },
      failure,
    };
  }

  /** Milliseconds to wait after the failure of an attempt; null when it was the last. */
  #next(number: number, failure: WebhookFailure): number | null {
    const delay = this.#delaysMs[number - 1];
    if (delay === undefined) return null;
    if (this.#options.retries === 'real' && !this.#policy.retriesAfter(failure)) return null;
    return Math.min(MOST_MS, Math.round(delay / (this.#options.speed ?? 1)));
  }

  #signed(
    request: WebhookRequest,
    now: number,
  ): { headers: readonly HeaderLine[]; parameters: readonly HeaderLine[] } {
    const { unsigned = false, secret, publicUrl } = this.#options;
    const { secretNeed, sign } = this.#scheme;
    const asIs = { headers: request.headers, parameters: [] };
    if (unsigned || secretNeed === 'none') return asIs;
    if (secret === undefined || secret === '') {
      if (secretNeed === 'token') return asIs;
      throw secretMissing(this.#scheme);
    }
    const url = publicUrl === undefined ? request.url : targetUrl(request.url, publicUrl);
    return { parameters: [], ...sign({ ...request, url }, secret, now) };
  }
}

function delaysOf(
  { delaysMs }: RetryPolicy,
  { retries = 'none' }: WebhookOptions,
): readonly number[] {
  if (retries === 'none') return [];
  return retries === 'real' ? delaysMs : delaysFor(retries, delaysMs);
}

function failureOf(reply: Awaited<ReturnType<typeof post>>): WebhookFailure {
  return 'answer' in reply ? { kind: 'answer', answer: reply.answer } : reply.failure;
}

function errorCode(failure: WebhookFailure): string | null {
  if (failure.kind === 'timeout') return 'TIMEOUT';
  return failure.kind === 'answer' ? null : failure.code;
}

function secretMissing({ title, secretIs }: WebhookScheme): MockError {
  return new MockError(
    'WEBHOOK_SECRET_MISSING',
    `Without a secret a webhook of ${title} cannot be signed: it is ${secretIs}.`,
  );
}
