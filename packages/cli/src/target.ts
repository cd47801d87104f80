import { CliError } from './errors.ts';
import { isLoopback, type ListenAddress } from './listen-address.ts';

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const IS_LOCAL = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)(:|\/|$)/i;
const EXPECTED = 'expected an address such as https://api.example.com';

/**
 * The API to record, as a URL. All is checked before a tape is made for nothing.
 *
 * Throws CliError TARGET_INVALID, with the whole URL that was probably meant where it can tell.
 */
export function parseTarget(text: string, own: ListenAddress): URL {
  const url = HAS_SCHEME.test(text) ? URL.parse(text) : refuseBare(text);
  if (url === null) throw invalid(text, `is not a URL: ${EXPECTED}.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(text, `has the scheme ${url.protocol} but only http: and https: are recorded.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(url.origin, 'has a name or password in front: leave it to your program to send.');
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(text, `has a ? or # in it, which no path can follow: ${EXPECTED}.`);
  }
  if (isLoopback(url.hostname) && own.port !== 0 && url.port === String(own.port)) {
    throw invalid(text, 'is where calltape itself is to listen: choose another --port.');
  }
  return url;
}

function refuseBare(text: string): never {
  const bare = text.replace(/^\/\//, '');
  const meant = `${IS_LOCAL.test(bare) ? 'http' : 'https'}://${bare}`;
  throw invalid(
    text,
    URL.canParse(meant) ? `has no scheme: did you mean ${meant}?` : `is not a URL: ${EXPECTED}.`,
  );
}

function invalid(text: string, why: string): CliError {
  return new CliError('TARGET_INVALID', `The target ${JSON.stringify(text)} ${why}`);
}
