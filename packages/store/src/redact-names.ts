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
  'card[_-]?number',
  'credential',
  'csrf[_-]?token',
  'cv[cv]2?',
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

/** Names of body fields that hold a secret, in lower case without separators. To redact another, add it here. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'accesskeyid',
  'accesstokens',
  'apikeys',
  'appsecretproof',
  'authenticitytoken',
  'awsaccesskeyid',
  'backupcodes',
  'cardcode',
  'codeverifier',
  'cookie',
  'cvc',
  'cvc2',
  'cvv',
  'cvv2',
  'devicecode',
  'hapikey',
  'jsessionid',
  'jwt',
  'mfacode',
  'oauthsignature',
  'oauthverifier',
  'onetimecode',
  'orderkey',
  'otp',
  'otpcode',
  'pass',
  'passwords',
  'phpsessid',
  'recoverycodes',
  'samlresponse',
  'securitycode',
  'setcookie',
  'secretstring',
  'secrets',
  'totp',
  'verificationcode',
]);

const SECRET_FIELD_ENDING =
  /(?:passw(?:or)?d|passphrase|passcode|passwordhash|secret|token|apikey|appkey|accesskey|accountkey|authkey|consumerkey|encryptionkey|masterkey|privatekey|secretkey|sessionkey|sharedkey|signingkey|subscriptionkey|sessionid|sessid|credentials?|assertion|authorization|\bpwd|userpwd)$/;

/** Fields that end like tokens: kinds, pages, cursors and keys for sending once; replaying depends on them. */
const PLAIN_TOKEN =
  /(?:next|prev|previous|page|paging|pagination|continuation|sync|cursor|delta|skip|resume|start|starting|end|scroll|idempotency|eos|bos|pad|mask|stop|last|first|current|unk)(?:page|sync|paging)?token$/;

const MOST_NAME_LENGTH = 100;

/** In headers these name a person; in a body they name anything. */
const HEADER_ONLY: ReadonlySet<string> = new Set(['from', 'x-real-ip']);

/**
 * Whether a field of a body holds a secret by its name, in snake, kebab or camel case. `token_type`,
 * `nextPageToken`, `expires_in` and their like do not.
 */
export function isSecretField(name: string): boolean {
  if (name.length > MOST_NAME_LENGTH) return false;
  const lower = name.toLowerCase();
  const squashed = lower.replace(/[^a-z0-9]/g, '');
  if (PLAIN_TOKEN.test(squashed)) return false;
  if (SECRET_FIELDS.has(squashed) || SECRET_FIELD_ENDING.test(squashed)) return true;
  // `card[cvc]` and `user.pass`: the last part alone.
  const last = /[[.]([a-z0-9_-]+)\]?$/.exec(lower)?.[1];
  if (last !== undefined && isSecretField(last)) return true;
  return !HEADER_ONLY.has(lower) && isSecretHeader(lower);
}

/**
 * In every name that {@link isSecretField} takes, and in every name of a secret parameter of a URL; a
 * text without it is spared the rest. To be built in, in any letter case.
 */
export const NAME_HINT: string = [
  'passw|passphrase|passcode|secret|token|pwd|otp|cv[cv]|cookie|honeycomb',
  '(?:api|app|access|account|auth|consumer|encryption|master|private|secret|session|shared|signing|subscription|customer|functions|order|hapi)[_-]?key',
  'session|sessid|credential|assertion|authori[sz]ation|verifier|samlresponse|appsecret|signature',
  '(?:verification|mfa|security|device|card|onetime|one_time|backup|recovery)[_-]?code',
  'grant_?type|oauth_|card_?number',
  String.raw`\bjwt\b|\bpass\b`,
  '(?:[?&#]|%3F|%26|%23)(?:appid|auth|code|hmac|key|sig|ticket)(?:=|%3D)',
].join('|');
