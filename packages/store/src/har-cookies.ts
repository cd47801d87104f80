import type { Cookie } from 'har-format';
import type { HeaderLine } from './exchange.ts';
import { headerAll } from './headers.ts';

/** The cookies that a request sent, from its `Cookie` lines (RFC 6265 section 4.2). */
export function requestCookies(headers: readonly HeaderLine[]): Cookie[] {
  return headerAll(headers, 'cookie')
    .flatMap((value) => value.split(';'))
    .map((pair) => nameAndValue(pair))
    .filter(({ name, value }) => name !== '' || value !== '');
}

/** The cookies that a response set, from its `Set-Cookie` lines (RFC 6265 section 4.1). */
export function responseCookies(headers: readonly HeaderLine[]): Cookie[] {
  return headerAll(headers, 'set-cookie').map((line) => {
    const [pair = '', ...attributes] = line.split(';');
    const cookie: Cookie = { ...nameAndValue(pair), httpOnly: false, secure: false };
    for (const attribute of attributes) applyAttribute(cookie, nameAndValue(attribute));
    return cookie;
  });
}

function nameAndValue(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=');
  if (equals === -1) return { name: pair.trim(), value: '' };
  return { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
}

function applyAttribute(cookie: Cookie, attribute: { name: string; value: string }): void {
  const { value } = attribute;
  switch (attribute.name.toLowerCase()) {
    case 'path':
      cookie.path = value;
      break;
    case 'domain':
      cookie.domain = value;
      break;
    case 'httponly':
      cookie.httpOnly = true;
      break;
    case 'secure':
      cookie.secure = true;
      break;
    case 'expires': {
      const time = Date.parse(value);
      if (!Number.isNaN(time)) cookie.expires = new Date(time).toISOString();
      break;
    }
    default:
      break;
  }
}
