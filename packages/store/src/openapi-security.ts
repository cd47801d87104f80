import type { RecordedRequest } from './exchange.ts';
import { isSecretHeader, SECRET_PARAMETER } from './redact-names.ts';

/** A way to authenticate, as OpenAPI 3.1 writes it; nothing of the secret itself. */
export type SecurityScheme = Readonly<Record<string, string>>;

const QUERY_SECRET = new RegExp(`^${SECRET_PARAMETER}$`, 'i');

/** Whether a query parameter is a secret by its name. */
export function isSecretParameter(name: string): boolean {
  return QUERY_SECRET.test(name);
}

/** The schemes that a request uses, by the names they have in the document. */
export function securityOf(
  { headers }: RecordedRequest,
  query: readonly (readonly [name: string, value: string])[],
): Map<string, SecurityScheme> {
  const schemes = new Map<string, SecurityScheme>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === 'authorization') addAuthorization(schemes, value);
    else if (isApiKey(lower)) addKey(schemes, 'header', lower);
  }
  for (const [name] of query) if (isSecretParameter(name)) addKey(schemes, 'query', name);
  return schemes;
}

/** Secret headers that are about the person, the session or this page, not the API's key. */
const NO_API_KEY = /^(?:from|x-real-ip|x-session-id|x-(?:csrf|xsrf)-?token)$/;

function isApiKey(lower: string): boolean {
  return isSecretHeader(lower) && !NO_API_KEY.test(lower);
}

/** `Scheme credentials` (RFC 9110 section 11.6.2), or a bare key. */
function addAuthorization(schemes: Map<string, SecurityScheme>, value: string): void {
  const [, scheme] = /^([A-Za-z][A-Za-z0-9-]*)\s+\S/.exec(value) ?? [];
  if (scheme === undefined) addKey(schemes, 'header', 'authorization');
  else schemes.set(scheme.toLowerCase(), { type: 'http', scheme: scheme.toLowerCase() });
}

function addKey(
  schemes: Map<string, SecurityScheme>,
  place: 'header' | 'query',
  name: string,
): void {
  const id = `${place}_${name.replace(/[^\w.-]/g, '_')}`;
  schemes.set(id, { type: 'apiKey', in: place, name });
}
