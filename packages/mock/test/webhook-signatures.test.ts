// Every scheme is checked by the provider's own library where there is one of reasonable size, else
// against what the provider's documentation or library gives for the same input.

import { generateKeyPairSync } from 'node:crypto';
import { sendWebhook, type WebhookOptions } from '@calltape/mock';
import { verify as verifyGitHub } from '@octokit/webhooks-methods';
import { verifySlackRequest } from '@slack/bolt';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { verifyKey } from 'discord-interactions';
import Razorpay from 'razorpay';
import { Stripe } from 'stripe';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { HUBSPOT } from '../src/webhooks/schemes/hubspot.ts';
import { recorded, startApp, type Received } from './webhook-app.ts';
import type { Told } from './tape.ts';

const SECRET = 'a secret of the test';
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const FORM_TYPE = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

/** What reaches the app when a recorded call is sent again. */
async function resent(told: Told, options: Partial<WebhookOptions> = {}): Promise<Received> {
  const app = await startApp();
  const exchange = await recorded({ url: 'http://127.0.0.1:3000/hooks', ...told });
  const { attempts } = await sendWebhook(exchange, { to: app.url, secret: SECRET, ...options });
  expect(attempts).toHaveLength(1);
  const [call] = app.received;
  if (call === undefined) throw new Error('Nothing came.');
  return call;
}

function one(value: string | string[] | undefined): string {
  if (typeof value !== 'string') throw new TypeError(`no single header: ${String(value)}`);
  return value;
}

test('Stripe', async () => {
  const body = '{"id":"evt_1","type":"charge.succeeded"}';
  const { headers, bytes } = await resent({
    headers: [...JSON_TYPE, 'Stripe-Signature', 't=1,v1=00'],
    body,
  });
  const stripe = new Stripe('sk_test_any');
  const signature = one(headers['stripe-signature']);
  expect(stripe.webhooks.constructEvent(bytes, signature, SECRET).id).toBe('evt_1');
  expect(() => stripe.webhooks.constructEvent(`${body} `, signature, SECRET)).toThrow(/signature/);
});

test('Slack', async () => {
  const { headers, body } = await resent({
    headers: [...JSON_TYPE, 'X-Slack-Request-Timestamp', '1', 'X-Slack-Signature', 'v0=00'],
    body: '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}',
  });
  const check = (text: string): void =>
    verifySlackRequest({
      signingSecret: SECRET,
      body: text,
      headers: {
        'x-slack-signature': one(headers['x-slack-signature']),
        'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
      },
    });
  expect(() => check(body)).not.toThrow();
  expect(() => check(`${body} `)).toThrow();
});

test.each([
  ['webhooks', 'X-Shopify-'],
  ['events', 'Shopify-'],
])('Shopify, %s', async (_, prefix) => {
  const { headers, rawHeaders, body } = await resent({
    headers: [
      ...JSON_TYPE,
      ...['Hmac-Sha256', 'AAAA', 'Topic', 'orders/create', 'Shop-Domain', 'a.myshopify.com'].map(
        (text, at) => (at % 2 === 0 ? prefix + text : text),
      ),
      `${prefix}API-Version`,
      '2026-10',
      `${prefix}Webhook-Id`,
      'w1',
    ],
    body: '{"id":1}',
  });
  await import('@shopify/shopify-api/adapters/node');
  const shopify = shopifyApi({
    apiSecretKey: SECRET,
    apiKey: 'any',
    apiVersion: ApiVersion.October25,
    hostName: 'app.example',
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error },
  });
  const rawRequest = { method: 'POST', url: '/hooks', headers, rawHeaders };
  const check = (rawBody: string): Promise<{ valid: boolean }> =>
    shopify.webhooks.validate({ rawBody, rawRequest });
  expect(await check(body)).toMatchObject({ valid: true, topic: 'ORDERS_CREATE' });
  expect(await check(`${body} `)).toMatchObject({ valid: false });
});

describe('Twilio', () => {
  test('signs the URL and the fields of a form', async () => {
    const { headers, url, body } = await resent({
      url: "http://127.0.0.1:3000/sms?to=a%20b&it's",
      headers: [...FORM_TYPE, 'X-Twilio-Signature', 'AAAA'],
      body: 'SmsStatus=received&From=%2B15005550006&Body=caf%C3%A9+%26+more&Media=b&Media=a&Media=b&a=1',
    });
    const { Media, ...fields } = {
      ...Object.fromEntries(new URLSearchParams(body)),
      Media: ['b', 'a', 'b'],
    };
    const check = (changed: string): boolean =>
      twilio.validateRequest(SECRET, one(headers['x-twilio-signature']), url + changed, {
        ...fields,
        Media,
      });
    expect(check('')).toBe(true);
    expect(check('x')).toBe(false);
  });

  test('signs JSON by its hash in the URL', async () => {
    const { headers, url, body } = await resent({
      url: `http://127.0.0.1:3000/events?bodySHA256=${'0'.repeat(64)}&x=1`,
      headers: [...JSON_TYPE, 'X-Twilio-Signature', 'AAAA'],
      body: '{"a":1}',
    });
    const signature = one(headers['x-twilio-signature']);
    expect(twilio.validateRequestWithBody(SECRET, signature, url, body)).toBe(true);
    expect(twilio.validateRequestWithBody(SECRET, signature, url, `${body} `)).toBe(false);
  });

  test('signs the public URL where the app is behind one', async () => {
    const { headers } = await resent(
      {
        url: 'http://127.0.0.1:3000/sms?x=1',
        headers: [...FORM_TYPE, 'X-Twilio-Signature', 'AAAA'],
        body: 'a=1',
      },
      { publicUrl: 'https://shop.example' },
    );
    const signature = one(headers['x-twilio-signature']);
    const url = 'https://shop.example/sms?x=1';
    expect(twilio.validateRequest(SECRET, signature, url, { a: '1' })).toBe(true);
  });
});

test('GitHub', async () => {
  const { headers, body } = await resent({
    headers: [...JSON_TYPE, 'X-GitHub-Event', 'push', 'X-Hub-Signature-256', 'sha256=00'],
    body: '{"ref":"refs/heads/main","name":"café"}',
  });
  const signature = one(headers['x-hub-signature-256']);
  expect(await verifyGitHub(SECRET, body, signature)).toBe(true);
  expect(await verifyGitHub(SECRET, `${body} `, signature)).toBe(false);
});

test('GitHub and Meta: what the documentation gives for its example', async () => {
  const expected = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  for (const who of [['X-GitHub-Event', 'ping'], []]) {
    const { headers } = await resent(
      { headers: ['X-Hub-Signature-256', 'sha256=00', ...who], body: 'Hello, World!' },
      { secret: "It's a Secret to Everybody" },
    );
    expect(headers['x-hub-signature-256']).toBe(expected);
  }
});

test('Razorpay', async () => {
  const { headers, body } = await resent({
    headers: [...JSON_TYPE, 'X-Razorpay-Signature', '00'],
    body: '{"event":"payment.captured"}',
  });
  const check = (text: string): boolean =>
    Razorpay.validateWebhookSignature(text, one(headers['x-razorpay-signature']), SECRET);
  expect(check(body)).toBe(true);
  expect(check(`${body} `)).toBe(false);
});

test('Square: what its own helper accepts', async () => {
  const { headers } = await resent(
    {
      url: 'http://127.0.0.1:3000/hooks?for=a%20b',
      headers: [...JSON_TYPE, 'x-square-hmacsha256-signature', 'AAAA'],
      body: '{"event_id":"e1","type":"payment.updated"}',
    },
    { secret: 'asdf1234', publicUrl: 'http://127.0.0.1:3000' },
  );
  const expected = '8eP1YWPj/ublNxWWIsILFz3R0+CrKlaq0jtMaGR7gnQ=';
  expect(headers['x-square-hmacsha256-signature']).toBe(expected);
});

test('WooCommerce', async () => {
  const { headers } = await resent(
    { headers: [...JSON_TYPE, 'X-WC-Webhook-Signature', 'AAAA'], body: '{"id":1}' },
    { secret: 'S3cret' },
  );
  // printf '{"id":1}' | openssl dgst -sha256 -hmac S3cret -binary | base64
  expect(headers['x-wc-webhook-signature']).toBe('RH7hWYA0ZkEkWxCnHefIBnyU52I50pdid2EiFlVtfQM=');
});

describe('Discord', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const hexKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const told = {
    headers: [...JSON_TYPE, 'X-Signature-Timestamp', '1', 'X-Signature-Ed25519', '00'],
    body: '{"type":2,"id":"1"}',
  };

  test.each([
    ['a PEM', pem],
    ['hexadecimal digits', seed],
    ['digits with the public key behind', seed + hexKey],
  ])('signs with a key given as %s', async (_, secret) => {
    const { headers, body } = await resent(told, { secret });
    const [signature, time] = [
      one(headers['x-signature-ed25519']),
      one(headers['x-signature-timestamp']),
    ];
    expect(await verifyKey(body, signature, time, hexKey)).toBe(true);
    expect(await verifyKey(`${body} `, signature, time, hexKey)).toBe(false);
  });

  test('refuses what is no such key', async () => {
    const exchange = await recorded(told);
    await expect(
      sendWebhook(exchange, { to: 'http://127.0.0.1:9', secret: 'hello' }),
    ).rejects.toMatchObject({ code: 'WEBHOOK_SECRET_INVALID' });
  });
});

test('HubSpot: what its own client computes, for all three versions', async () => {
  const body = '[{"eventId":7,"subscriptionType":"contact.creation"}]';
  const url = 'http://127.0.0.1:3000/hooks?for=a%20b';
  const send = (version: string): Promise<Received> =>
    resent(
      {
        url,
        headers: [
          ...JSON_TYPE,
          'X-HubSpot-Signature-v3',
          'AAAA',
          'X-HubSpot-Signature',
          '00',
          'X-HubSpot-Signature-Version',
          version,
          'X-HubSpot-Request-Timestamp',
          '1',
        ],
        body,
      },
      { secret: 'S3cret', publicUrl: 'http://127.0.0.1:3000' },
    );
  const [v1, v2] = [await send('v1'), await send('v2')];
  expect(v1.headers['x-hubspot-signature']).toBe(
    '3c26e3cae10bfd708c661433a117f09301ad697a94aa735b056ddd10d357f0e7',
  );
  expect(v2.headers['x-hubspot-signature']).toBe(
    'eb95660d4453d3ee47e5c2b794351f58b110107928d6554a2d9f9d13914c7c8a',
  );
  expect(Number(v1.headers['x-hubspot-request-timestamp'])).toBeCloseTo(Date.now(), -5);
});

test('HubSpot: version 3, for a known time', () => {
  const request = {
    method: 'POST',
    url: 'http://127.0.0.1:3000/hooks?for=a%20b',
    headers: [],
    body: Buffer.from('[{"eventId":7,"subscriptionType":"contact.creation"}]'),
  };
  expect(HUBSPOT.sign(request, 'S3cret', 1_790_000_000_000).headers).toEqual([
    ['X-HubSpot-Request-Timestamp', '1790000000000'],
    ['X-HubSpot-Signature-v3', 'OOFpMWSf7p3mgB+lvMWkjC9LpSQtFAuPy85QDEZ+D5A='],
  ]);
});

test('X: a signature that OpenSSL gives too', async () => {
  const { headers } = await resent(
    { headers: [...JSON_TYPE, 'x-twitter-webhooks-signature', 'sha256=AAAA'], body: '{"id":1}' },
    { secret: 'S3cret' },
  );
  expect(headers['x-twitter-webhooks-signature']).toBe(
    'sha256=RH7hWYA0ZkEkWxCnHefIBnyU52I50pdid2EiFlVtfQM=',
  );
});

test('tokens of Mailchimp and Shiprocket take the place of what is on the tape', async () => {
  const mailchimp = await resent({
    url: 'http://127.0.0.1:3000/hooks/mailchimp?list=1&secret=zzzz',
    headers: [...FORM_TYPE],
    body: 'type=subscribe&fired_at=2026-11-24+03%3A48%3A28',
  });
  expect(mailchimp.url).toMatch(/\/hooks\/mailchimp\?list=1&secret=a%20secret%20of%20the%20test$/);
  const shiprocket = await resent({
    headers: [...JSON_TYPE, 'x-api-key', 'zzzz'],
    body: '{"awb":"1","current_status":"DELIVERED"}',
  });
  expect(shiprocket.headers['x-api-key']).toBe(SECRET);
});

test('PayPal goes out with the recorded signature, whatever the secret', async () => {
  const headers = ['PAYPAL-TRANSMISSION-ID', 'i', 'PAYPAL-TRANSMISSION-SIG', 's'];
  const call = await resent({ headers, body: '{"event_type":"A"}' });
  expect(call.rawHeaders.slice(0, 4)).toEqual(headers);
});
