import { MockError } from '../errors.ts';

/**
 * Where a recorded call goes: the target with the recorded path and query; or, if the target has a
 * path, exactly there, with the recorded query unless it has one.
 *
 * @throws MockError WEBHOOK_TARGET_INVALID
 */
export function targetUrl(recorded: string, to: string | URL): string {
  const url = URL.parse(String(to));
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid(
      String(to),
      'is not an http: or https: URL: expected one such as http://127.0.0.1:3000.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(url.origin, 'has a name or password in front, which no provider sends.');
  }
  const { path, query } = partsOf(recorded);
  if (url.pathname === '/' && url.search === '') return url.origin + path + query;
  return url.origin + url.pathname + (url.search === '' ? query : url.search);
}

/** Verbatim, as some providers sign them. */
function partsOf(recorded: string): { path: string; query: string } {
  const { path = '', query = '' } =
    /^[a-z]+:\/\/[^/?#]*(?<path>\/[^?#]*)?(?<query>\?[^#]*)?/i.exec(recorded)?.groups ?? {};
  return { path: path === '' ? '/' : path, query };
}

function invalid(text: string, why: string): MockError {
  return new MockError('WEBHOOK_TARGET_INVALID', `The target ${JSON.stringify(text)} ${why}`);
}
