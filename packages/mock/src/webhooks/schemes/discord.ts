import { createPrivateKey, sign as signWith, type KeyObject } from 'node:crypto';
import { header } from '@calltape/store';
import { MockError } from '../../errors.ts';
import { at, jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { doubling, isSuccess, MINUTE, ONE_ATTEMPT } from '../retry-policy.ts';
import type { RetryPolicy } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

/** Types of interactions, by number. */
const INTERACTIONS = [
  'ping',
  'application_command',
  'message_component',
  'autocomplete',
  'modal_submit',
];
const PING = 1;

function eventOf(request: WebhookRequest): string | undefined {
  const json = jsonOf(request);
  const event = textAt(json, 'event', 'type');
  if (event !== undefined) return event;
  const type = at(json, 'type');
  return typeof type === 'number' ? (INTERACTIONS[type - 1] ?? `type ${type}`) : undefined;
}

// RFC 8410 section 7: what stands in front of the 32 bytes of an Ed25519 key in PKCS #8.
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A PEM, or in hexadecimal the 32 bytes of the key, perhaps with those of the public one behind. */
function privateKey(secret: string): KeyObject {
  const bytes = /^([0-9a-f]{64})(?:[0-9a-f]{64})?$/i.exec(secret.trim())?.[1];
  try {
    const key = createPrivateKey(
      bytes === undefined
        ? secret
        : {
            key: Buffer.concat([PKCS8_START, Buffer.from(bytes, 'hex')]),
            format: 'der',
            type: 'pkcs8',
          },
    );
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: what OpenSSL says of a wrong key helps nobody.
  }
  throw new MockError(
    'WEBHOOK_SECRET_INVALID',
    'Discord signs with an Ed25519 private key, and the secret is none: give a PEM ' +
      '(openssl genpkey -algorithm ed25519) or 64 hexadecimal digits, and its public key to the app.',
  );
}

const INTERACTION: RetryPolicy = {
  ...ONE_ATTEMPT,
  timeoutMs: 3000,
  accepts: (answer, request) => {
    const isPing = at(jsonOf(request), 'type') === PING && isInteraction(request);
    return isSuccess(answer) && (!isPing || at(jsonOf(answer), 'type') === PING);
  },
};

/** https://docs.discord.com/developers/events/webhook-events: retried for up to ten minutes. */
const EVENT: RetryPolicy = { ...INTERACTION, delaysMs: doubling(5, 10 * MINUTE) };

/** Events of webhooks have types too, but say who they are for only there. */
function isInteraction(request: WebhookRequest): boolean {
  return at(jsonOf(request), 'event') === undefined;
}

export const DISCORD: WebhookScheme = {
  name: 'discord',
  title: 'Discord',
  secretNeed: 'signs',
  secretIs: "an Ed25519 private key of your own, whose public key the app is given for Discord's",
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-signature-ed25519') !== undefined,
  eventOf,
  deliveryOf: (request) => textAt(jsonOf(request), 'id'),
  sign: ({ headers, body }, secret, now) => {
    const time = String(Math.floor(now / 1000));
    const signed = Buffer.concat([Buffer.from(time), body]);
    const signature = signWith(null, signed, privateKey(secret)).toString('hex');
    const dated = withHeader(headers, 'X-Signature-Timestamp', time);
    return { headers: withHeader(dated, 'X-Signature-Ed25519', signature) };
  },
  retry: (request) => (isInteraction(request) ? INTERACTION : EVENT),
};
