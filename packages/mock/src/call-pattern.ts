import { MockError } from './errors.ts';
import { fitsWord, pathGlob } from './glob.ts';
import { normalHost } from './target.ts';

/** Which calls are meant. */
export type CallPattern = (method: string, host: string, path: string) => boolean;

const SHAPE = /^(\*|[A-Za-z][A-Za-z-]*) +([^\s/?#]*)(\/[^\s?#]*)$/;

/**
 * Reads which calls are meant, as fault rules say it: `POST /v1/charges`, `* api.stripe.com/**`. The query
 * does not count.
 *
 * @throws MockError CALLS_INVALID
 */
export function parseCallPattern(text: string): CallPattern {
  const [, method = '', host = '', path = ''] = SHAPE.exec(text) ?? [];
  if (path === '') {
    throw new MockError(
      'CALLS_INVALID',
      `Failed to read which calls ${JSON.stringify(text)} means: it is no method and path without a query, as in "POST /v1/charges" or "* api.stripe.com/**". Write it so.`,
    );
  }
  const [wantedMethod, wantedHost, isPath] = [
    method.toUpperCase(),
    normalHost(host),
    pathGlob(path),
  ];
  return (asked, at, below) =>
    (method === '*' || asked.toUpperCase() === wantedMethod) &&
    (host === '' || fitsWord(at, wantedHost)) &&
    isPath(below);
}
