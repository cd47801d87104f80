import { ProxyError } from './errors.ts';
import { originOf } from './origin.ts';
import type { Origin } from './origin.ts';

/** Where calls are sent to. */
export interface Upstream extends Origin {
  /** Put in front of every request path; no slash at its end, empty for none. */
  readonly basePath: string;
  /** A client has named it, so the addresses that no client may reach are refused. */
  readonly guarded: boolean;
}

function invalid(text: string, reason: string): ProxyError {
  const message = `The upstream "${text}" ${reason}. Give an address such as https://api.example.com.`;
  return new ProxyError('UPSTREAM_INVALID', message);
}

/** The same text without a password, so that an error message can show it. */
function withoutUserinfo(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function checkParts(url: URL, text: string): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(text, 'is neither an http nor an https URL');
  }
  if (url.username !== '' || url.password !== '') {
    const shown = withoutUserinfo(url);
    throw invalid(shown, 'carries a user name or password; the client has to send Authorization');
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(text, 'carries a query or fragment, which cannot be put in front of a path');
  }
}

/**
 * Takes an upstream's URL apart.
 *
 * @throws ProxyError UPSTREAM_INVALID
 */
export function parseUpstream(text: string): Upstream {
  const url = URL.parse(text);
  if (url === null) throw invalid(text, 'is not a URL');
  checkParts(url, text);
  return { ...originOf(url), basePath: url.pathname.replace(/\/+$/, ''), guarded: false };
}
