import type { Endpoint } from '../exchange.ts';
import { pathTokens } from './path-tokens.ts';
import { templateText } from './template-text.ts';
import { urlParts } from './url-parts.ts';

/**
 * The path with every segment that looks like an id replaced by a parameter named after its
 * parent: `/v1/customers/cus_9s6XKzkNRiz8i3` becomes `/v1/customers/{customer}`.
 *
 * @param path - The path of a request target, query excluded.
 */
export function pathTemplate(path: string): string {
  return path.startsWith('/') ? templateText(pathTokens(path)).template : path;
}

/**
 * The endpoint that a call belongs to, by the look of its URL alone.
 *
 * @param method - The request method.
 * @param url - The absolute target URI.
 */
export function endpointOf(method: string, url: string): Endpoint {
  const { origin, path } = urlParts(url);
  return { method, origin, template: pathTemplate(path) || '/' };
}
