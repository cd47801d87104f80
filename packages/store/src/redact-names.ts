/** Headers whose whole value is a secret or names a person. To redact another, add it here. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'api-key',
  'apikey',
  'dd-api-key',
  'dd-application-key',
  'from',
  'job-token',
  'ocp-apim-subscription-key',
  'private-token',
  'x-algolia-api-key',
  'x-amz-security-token',
  'x-api-key',
  'x-apikey',
  'x-auth-key',
  'x-auth-token',
  'x-client-secret',
  'x-csrf-token',
  'x-csrftoken',
  'x-functions-key',
  'x-gitlab-token',
  'x-goog-api-key',
  'x-goog-iam-authorization-token',
  'x-honeycomb-team',
  'x-rapidapi-key',
  'x-real-ip',
  'x-session-id',
  'x-session-token',
  'x-shopify-access-token',
  'x-shopify-storefront-access-token',
  'x-vault-token',
  'x-xsrf-token',
  'xi-api-key',
]);

const SECRET_HEADER_ENDING =
  /(?:^|-)(?:token|secret|passw(?:or)?d|passphrase|api-?key|app-?key|access-?key|auth-?key|secret-?key|customer-?key|credentials?)$/;

/** Names of pages and cursors, which end like tokens and which replaying depends on. */
const PAGE = /(?:^|[-_])(?:next|prev|previous|page|continuation|sync|cursor)[-_]?token$/;

/** @param name - In lower case. */
export function isSecretHeader(name: string): boolean {
  if (SECRET_HEADERS.has(name)) return true;
  return SECRET_HEADER_ENDING.test(name) && !PAGE.test(name);
}

/**
 * Query parameters whose value is a secret, as parts of a regular expression: whole names, and
 * names that may have something before them, with `_`, `-` or `.` between. To redact another, add
 * it here.
 */
const WHOLE_NAMES = [
  'appid',
  'assertion',
  'auth',
  'authorization',
  'awsaccesskeyid',
  'client_assertion',
  'code',
  'code_verifier',
  'credentials?',
  'device_code',
  'fb_exchange_token',
  'hapikey',
  'hmac',
  'hub\\.verify_token',
  'jwt',
  'key',
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_signature',
  'oauth_token',
  'oauth_verifier',
  'otp',
  'pass',
  'pwd',
  'samlresponse',
  'sessionid',
  'session_id',
  'sig',
  'subscription-key',
  'ticket',
  'token',
  'appsecret_proof',
] as const;

const ENDINGS = [
  'access[_-]?key',
  'access[_-]?token',
  'api[_-]?key',
  'api[_-]?token',
  'app[_-]?key',
  'app[_-]?secret',
  'auth[_-]?key',
  'auth[_-]?token',
  'client[_-]?secret',
  'consumer[_-]?key',
  'consumer[_-]?secret',
  'credential',
  'csrf[_-]?token',
  'id[_-]?token',
  'passphrase',
  'passw(?:or)?d',
  'private[_-]?token',
  'refresh[_-]?token',
  'secret',
  'security[_-]?token',
  'session[_-]?token',
  'signature',
] as const;

/** Matches the name of a secret query parameter; to be built in, in any letter case. */
export const SECRET_PARAMETER: string = `(?:${WHOLE_NAMES.join('|')}|(?:[\\w.-]{0,40}[_.-])?(?:${ENDINGS.join('|')}))`;
