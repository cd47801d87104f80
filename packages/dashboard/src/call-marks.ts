import { type Verdict, verdictOf } from '@calltape/health';
import type { CallRow } from '@calltape/store';
import type { Glyphs } from './glyphs.ts';
import { type Span, span } from './line.ts';
import { safe, type Safe, show } from './safe.ts';
import type { Role } from './theme.ts';

type Judged = Pick<CallRow, 'outcome' | 'status'>;

function markOf(call: Judged, verdict: Verdict, glyphs: Glyphs): readonly [Safe, Role] {
  switch (verdict) {
    case 'ok':
      return (call.status ?? 200) >= 300 ? [glyphs.redirect, 'redirect'] : [glyphs.ok, 'ok'];
    case 'clientError':
    case 'rateLimited':
      return [glyphs.clientError, 'clientError'];
    case 'error':
      return [glyphs.error, 'error'];
    case 'aborted':
      return [glyphs.aborted, 'clientError'];
    case 'pending':
      return [glyphs.pending, 'plain'];
    default:
      return verdict;
  }
}

/** How a call went: a glyph and its status, such as `✓ 200`, or `✗ ---` when none came. */
export function statusSpan(call: Judged, glyphs: Glyphs): Span {
  const [glyph, role] = markOf(call, verdictOf(call), glyphs);
  const blank = call.outcome === 'pending' ? safe`   ` : safe`---`;
  const status = call.status === null ? blank : show(String(call.status));
  return span(safe`${glyph} ${status}`, role);
}

/** The path and query of a call. */
export function pathOf({ url, origin }: Pick<CallRow, 'url' | 'origin'>): Safe {
  return show(url.startsWith(origin) ? url.slice(origin.length) || '/' : url);
}

/** Tells an altered answer, and one from a mock, from a live one. */
export function originSpan(call: Pick<CallRow, 'fault' | 'source'>, glyphs: Glyphs): Span {
  if (call.fault !== null) return span(glyphs.fault, 'injected');
  return call.source === 'mock' ? span(glyphs.mock, 'live') : span(safe` `);
}
