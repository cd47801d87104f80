import type { WebhookAttempt, WebhookProvider } from '@calltape/mock';
import { visible } from '@calltape/store';
import { jsonLine } from '../output.ts';
import { isoTime, spanText } from '../units.ts';

/** An attempt, and what it was an attempt at. */
export interface Told {
  /** Of the recorded call. */
  readonly id: number;
  readonly provider: WebhookProvider;
  readonly event: string | null;
  readonly attempt: WebhookAttempt;
}

export function attemptText({ id, provider, event, attempt }: Told): string {
  const { number, status, error, accepted, durationMs, nextMs, url } = attempt;
  const words = [
    String(id),
    provider,
    ...(event === null ? [] : [visible(event)]),
    `attempt ${number}`,
    visible(String(status ?? error)),
    accepted ? 'accepted' : 'not accepted',
    `${durationMs.toFixed(1)} ms`,
    visible(url),
    ...(nextMs === null ? [] : [againText(nextMs)]),
  ];
  return `${words.join('  ')}\n`;
}

function againText(nextMs: number): string {
  if (nextMs === 0) return 'again at once';
  return `again in ${nextMs < 1000 ? `${nextMs} ms` : spanText(nextMs)}`;
}

export function attemptJson({ id, provider, event, attempt }: Told): string {
  const { number, startedAt, status, error, accepted, durationMs, nextMs, url } = attempt;
  return jsonLine({
    id,
    provider,
    event,
    attempt: number,
    started_at: isoTime(startedAt),
    url,
    status,
    error,
    accepted,
    duration_ms: durationMs,
    next_ms: nextMs,
  });
}
