// Recorded webhooks are recognised, and sent again as their provider would.

import { createServer } from 'node:net';
import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  DeliveryCollector,
  prepareWebhook,
  recogniseWebhook,
  sendWebhook,
  WEBHOOK_PROVIDERS,
  type WebhookAttempt,
} from '@calltape/mock';
import { onTestFinished, describe, expect, test } from 'vitest';
import { delaysFor, doubling, doublingUpTo } from '../src/webhooks/retry-policy.ts';
import type { Told } from './tape.ts';
import { recorded, startApp } from './webhook-app.ts';

const SECRET = 'a secret of the test';
const HOOK = 'http://127.0.0.1:3000/hooks';
const STRIPE: Told = {
  url: HOOK,
  headers: ['Content-Type', 'application/json', 'Stripe-Signature', 't=1,v1=00'],
  body: '{"id":"evt_1","type":"charge.succeeded"}',
};
const SLACK: Told = {
  url: HOOK,
  headers: [
    'Content-Type',
    'application/json',
    'X-Slack-Signature',
    'v0=00',
    'X-Slack-Retry-Num',
    '2',
    'X-Slack-Retry-Reason',
    'http_error',
  ],
  body: '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}',
};
const SOAP = `<soapenv:Envelope><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
<Notification><Id>04l1</Id><sObject xsi:type="sf:Account"/></Notification></notifications>`;

function json(...more: string[]): string[] {
  return ['Content-Type', 'application/json', ...more];
}

describe('a provider and its event are told by', () => {
  const form = ['Content-Type', 'application/x-www-form-urlencoded'];
  test.each<[string, string | null, Told]>([
    ['stripe', 'charge.succeeded', STRIPE],
    ['slack', 'app_mention', SLACK],
    [
      'slack',
      '/deploy',
      { headers: [...form, 'X-Slack-Signature', 'v0='], body: 'command=%2Fdeploy' },
    ],
    [
      'slack',
      'block_actions',
      {
        headers: [...form, 'X-Slack-Signature', 'v0='],
        body: `payload=${encodeURIComponent('{"type":"block_actions"}')}`,
      },
    ],
    [
      'shopify',
      'orders/create',
      { headers: json('X-Shopify-Hmac-Sha256', 'A', 'X-Shopify-Topic', 'orders/create') },
    ],
    [
      'twilio',
      'message.received',
      { headers: [...form, 'X-Twilio-Signature', 'A'], body: 'SmsStatus=received' },
    ],
    [
      'twilio',
      'call.ringing',
      { headers: [...form, 'X-Twilio-Signature', 'A'], body: 'CallStatus=ringing' },
    ],
    [
      'github',
      'issues.opened',
      {
        headers: json('X-GitHub-Event', 'issues', 'X-Hub-Signature-256', 'A'),
        body: '{"action":"opened"}',
      },
    ],
    [
      'paypal',
      'CHECKOUT.ORDER.APPROVED',
      {
        headers: json('PAYPAL-TRANSMISSION-SIG', 'A'),
        body: '{"event_type":"CHECKOUT.ORDER.APPROVED"}',
      },
    ],
    [
      'square',
      'payment.updated',
      { headers: json('x-square-hmacsha256-signature', 'A'), body: '{"type":"payment.updated"}' },
    ],
    [
      'razorpay',
      'payment.captured',
      { headers: json('X-Razorpay-Signature', 'A'), body: '{"event":"payment.captured"}' },
    ],
    [
      'woocommerce',
      'order.created',
      { headers: json('X-WC-Webhook-Signature', 'A', 'X-WC-Webhook-Topic', 'order.created') },
    ],
    [
      'discord',
      'application_command',
      { headers: json('X-Signature-Ed25519', 'A'), body: '{"type":2}' },
    ],
    [
      'hubspot',
      'contact.creation',
      {
        headers: json('X-HubSpot-Signature-v3', 'A'),
        body: '[{"subscriptionType":"contact.creation"}]',
      },
    ],
    ['mailchimp', 'subscribe', { headers: form, body: 'type=subscribe&fired_at=2026' }],
    [
      'meta',
      'page.feed',
      {
        headers: json('X-Hub-Signature-256', 'A'),
        body: '{"object":"page","entry":[{"changes":[{"field":"feed"}]}]}',
      },
    ],
    ['meta', 'verification', { method: 'GET', url: `${HOOK}?hub.mode=subscribe&hub.challenge=17` }],
    [
      'x',
      'favorite_events',
      {
        headers: json('x-twitter-webhooks-signature', 'A'),
        body: '{"for_user_id":"1","favorite_events":[]}',
      },
    ],
    ['x', 'crc', { method: 'GET', url: `${HOOK}?crc_token=abc` }],
    ['salesforce', 'Account', { headers: ['Content-Type', 'text/xml'], body: SOAP }],
    [
      'shiprocket',
      'DELIVERED',
      { headers: json('x-api-key', 'A'), body: '{"awb":"1","current_status":"DELIVERED"}' },
    ],
    ['zapier', null, { headers: json('User-Agent', 'Zapier'), body: '{}' }],
    [
      'razorpay',
      null,
      { url: 'http://127.0.0.1:3000/api/razorpay-webhook', headers: json(), body: '{}' },
    ],
    ['meta', null, { url: 'http://app.internal/webhooks/instagram', headers: json(), body: '{}' }],
  ])('what %s sends: %s', async (provider, event, told) => {
    expect(recogniseWebhook(await recorded({ url: HOOK, ...told }))).toEqual({ provider, event });
  });

  test("and other calls are nobody's", async () => {
    for (const told of [
      { url: 'http://127.0.0.1:3000/orders', body: '{}' },
      { url: 'http://127.0.0.1:3000/hooks/stripe', method: 'GET' },
      // Out to an API, whatever it has in common with a webhook.
      { url: 'https://api.shiprocket.example/x', headers: ['x-api-key', 'A'], body: '{"awb":"1"}' },
      { url: 'https://api.example.com/webhooks/stripe', body: '{}' },
    ]) {
      expect(recogniseWebhook(await recorded(told))).toBeNull();
    }
  });
});

test('the attempts at a delivery are one line', async () => {
  const calls = await Promise.all(
    [
      { ...STRIPE, response: { status: 500 } },
      { ...STRIPE, body: '{"id":"evt_2","type":"charge.failed"}' },
      STRIPE,
      { url: 'http://127.0.0.1:3000/else' },
      { url: 'http://127.0.0.1:3000/else' },
      { url: 'https://api.stripe.com/v1/charges' },
    ].map((told) => recorded(told)),
  );
  const collected = (all: boolean): unknown[] => {
    const collector = new DeliveryCollector(all);
    for (const [at, exchange] of calls.entries()) collector.add({ ...exchange, id: at + 1 });
    return collector
      .deliveries()
      .map(({ id, provider, event, status, calls: ids }) => [id, provider, event, status, ids]);
  };
  const known = [
    [2, 'stripe', 'charge.failed', 200, [2]],
    [3, 'stripe', 'charge.succeeded', 200, [1, 3]],
  ];
  expect(collected(false)).toEqual(known);
  expect(collected(true)).toEqual([
    ...known,
    [4, 'other', null, 200, [4]],
    [5, 'other', null, 200, [5]],
  ]);
});

describe('what is sent', () => {
  test('is the recorded request, byte for byte, but for what belongs to a connection', async () => {
    const app = await startApp();
    const body = Buffer.from('{ "id" : "evt_1", "n": 1.10, "text": "caf\u00E9\\u00e9" }\n');
    const exchange = await recorded({
      ...STRIPE,
      headers: [
        'host',
        'shop.example',
        'X-First',
        '1',
        'stripe-SIGNATURE',
        't=1',
        'Connection',
        'close, X-Hop',

        'X-Hop',
        '1',
        'Transfer-Encoding',
        'chunked',
        'Keep-Alive',
        'timeout=5',
        'X-Twice',
        'a',
        'X-Twice',
        'b',
        'Stripe-Signature',
        't=2',
        'Accept',
        '*/*',
      ],
      body,
    });
    await sendWebhook(exchange, { to: app.url, secret: SECRET });
    const [call] = app.received;
    expect(call?.bytes).toEqual(body);
    expect(call?.rawHeaders).toEqual([
      'host',
      new URL(app.url).host,
      'X-First',
      '1',
      'stripe-SIGNATURE',
      expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/),
      'X-Twice',
      'a',
      'X-Twice',
      'b',
      'Accept',
      '*/*',
      'Content-Length',
      String(body.length),
      'Connection',
      'close',
    ]);
  });

  test('goes to the recorded path, or to the URL that is named', async () => {
    const app = await startApp();
    const exchange = await recorded({ ...STRIPE, url: "http://127.0.0.1:3000//a/%7E'x?b=%41&c" });
    const sentTo = async (to: string): Promise<string> => {
      const { url } = prepareWebhook(exchange, { to, secret: SECRET });
      return url.slice(app.url.length);
    };
    expect(await sentTo(app.url)).toBe("//a/%7E'x?b=%41&c");
    expect(await sentTo(`${app.url}/other`)).toBe('/other?b=%41&c');
    expect(await sentTo(`${app.url}/other?d=1`)).toBe('/other?d=1');
    expect((await sendWebhook(exchange, { to: app.url, secret: SECRET })).accepted).toBe(true);
    expect(app.received[0]?.url).toBe(`${app.url}//a/%7E'x?b=%41&c`);
  });

  test('has placeholders where the recorder put them, and the signature is over those', async () => {
    const app = await startApp();
    const secret = 'sk_live_51HxYzAbCdEfGhIjKlMnOpQr';
    const exchange = await recorded({ ...STRIPE, body: `{"id":"evt_1","key":"${secret}"}` }, true);
    await sendWebhook(exchange, { to: app.url, secret: SECRET });
    const [call] = app.received;
    expect(call?.body).toMatch(/^\{"id":"evt_1","key":"sk_live_\w{24}"\}$/);
    expect(call?.body).not.toContain(secret);
    const [, time = '', signature] =
      /^t=(\d+),v1=(\w+)$/.exec(String(call?.headers['stripe-signature'])) ?? [];
    expect(signature).toBe(
      createHmac('sha256', SECRET).update(`${time}.${call?.body}`).digest('hex'),
    );
    expect(Number(time) * 1000).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is nothing where the tape has half a body, no secret, or a wrong target', async () => {
    const app = await startApp();
    const whole = await recorded(STRIPE);
    const cut = await recorded({ ...STRIPE, bodySize: 5000 });
    const left = await recorded({
      ...STRIPE,
      headers: ['Content-Length', '400'],
      outcome: 'aborted',
    });
    const fails = (exchange: typeof whole, options: object): Promise<unknown> =>
      sendWebhook(exchange, { to: app.url, secret: SECRET, ...options }).catch(
        (error: unknown) => error,
      );
    expect(await fails(cut, {})).toMatchObject({
      code: 'WEBHOOK_CUT',
      message: expect.stringContaining('the tape has 40 of the 5000 bytes of its body'),
    });
    expect(await fails(left, {})).toMatchObject({ code: 'WEBHOOK_CUT' });
    expect(await fails(whole, { secret: '' })).toMatchObject({
      code: 'WEBHOOK_SECRET_MISSING',
      message: expect.stringContaining('the signing secret of the endpoint (whsec_...)'),
    });
    expect(await fails(whole, { to: 'ftp://a' })).toMatchObject({ code: 'WEBHOOK_TARGET_INVALID' });
    expect(app.received).toEqual([]);
    expect((await sendWebhook(whole, { to: app.url, unsigned: true })).accepted).toBe(true);
    expect(app.received[0]?.headers['stripe-signature']).toBe('t=1,v1=00');
  });
});

describe('retries', () => {
  test('of Slack come in its rhythm, with its headers, until the app accepts', async () => {
    const app = await startApp((_, number) => ({ status: number < 3 ? 500 : 200 }));
    const seen: WebhookAttempt[] = [];
    const { accepted, attempts } = await sendWebhook(await recorded(SLACK), {
      to: app.url,
      secret: SECRET,
      retries: 'real',
      speed: 600,
      onAttempt: (attempt) => void seen.push(attempt),
    });
    expect(accepted).toBe(true);
    expect(attempts).toEqual(seen);
    expect(
      attempts.map(({ number, status, accepted: ok, nextMs }) => [number, status, ok, nextMs]),
    ).toEqual([
      [1, 500, false, 0],
      [2, 500, false, 100],
      [3, 200, true, null],
    ]);
    expect(
      app.received.map(({ headers }) => [
        headers['x-slack-retry-num'],
        headers['x-slack-retry-reason'],
      ]),
    ).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    expect((app.received[2]?.at ?? 0) - (app.received[1]?.at ?? 0)).toBeGreaterThanOrEqual(99);
  });

  test('end when the app says so, where the provider listens to that', async () => {
    const app = await startApp(() => ({ status: 500, headers: { 'X-Slack-No-Retry': '1' } }));
    const { attempts } = await sendWebhook(await recorded(SLACK), {
      to: app.url,
      secret: SECRET,
      retries: 'real',
      speed: Infinity,
    });
    expect(attempts).toHaveLength(1);
  });

  test('are as many as the provider makes, or as asked for', async () => {
    const app = await startApp(() => ({ status: 503 }));
    const made = async (told: Told, retries: 'real' | 'none' | number): Promise<number> => {
      const { attempts, accepted } = await sendWebhook(await recorded(told), {
        to: app.url,
        secret: SECRET,
        retries,
        speed: Infinity,
      });
      expect(accepted).toBe(false);
      return attempts.length - 1;
    };
    const twilio = { url: HOOK, headers: ['X-Twilio-Signature', 'A'] };
    expect(await made(STRIPE, 'none')).toBe(0);
    expect(await made(STRIPE, 'real')).toBe(8);
    expect(await made(STRIPE, 10)).toBe(10);
    expect(await made(twilio, 'real')).toBe(0);
    expect(await made(twilio, 2)).toBe(2);
  });

  test('are made where there is no connection, and none of it is an error', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    const { attempts } = await sendWebhook(
      await recorded({ url: HOOK, headers: ['X-Twilio-Signature', 'A'] }),
      {
        to: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
        secret: SECRET,
        retries: 'real',
      },
    );
    expect(attempts.map(({ status, error, accepted }) => [status, error, accepted])).toEqual([
      [null, 'ECONNREFUSED', false],
      [null, 'ECONNREFUSED', false],
    ]);
  });

  test('tell of an app that does not answer in time, or hangs up', async () => {
    const silent = await startApp((_, number) => (number === 1 ? null : { status: 200 }));
    const { attempts } = await sendWebhook(await recorded(SLACK), {
      to: silent.url,
      secret: SECRET,
      retries: 1,
      timeoutMs: 1500,
    });
    expect(attempts.map(({ status, error }) => [status, error])).toEqual([
      [null, 'TIMEOUT'],
      [200, null],
    ]);
    expect(silent.received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
    const rude = createServer((socket) => socket.once('data', () => socket.destroy())).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void rude.close());
    await once(rude, 'listening');
    const address = rude.address();
    const to = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const cut = await sendWebhook(await recorded(SLACK), { to, secret: SECRET });
    expect(cut.attempts[0]).toMatchObject({ status: null, error: 'ECONNRESET', accepted: false });
  });

  test('can be ended from outside', async () => {
    const app = await startApp(() => ({ status: 500 }));
    const ended = new AbortController();
    const sending = sendWebhook(await recorded(STRIPE), {
      to: app.url,
      secret: SECRET,
      retries: 'real',
      signal: ended.signal,
      onAttempt: () => ended.abort(new Error('enough')),
    });
    await expect(sending).rejects.toThrow();
    expect(app.received).toHaveLength(1);
  });

  test('fill the time that a provider gives', () => {
    expect(doubling(8, 14_400_000).reduce((one, other) => one + other)).toBeCloseTo(14_400_000, -2);
    expect(doubling(3, 300_000)).toEqual([42_857, 85_714, 171_429]);
    expect(doublingUpTo(60_000, 240_000, 1_000_000)).toEqual([
      60_000, 120_000, 240_000, 240_000, 240_000,
    ]);
    expect(delaysFor(4, [0, 60_000])).toEqual([0, 60_000, 120_000, 240_000]);
    expect(delaysFor(2, [])).toEqual([1000, 2000]);
    expect(delaysFor(1000, []).at(-1)).toBe(24 * 3_600_000);
  });
});

/** Whether an answer of the app is taken for success. */
async function isAccepted(
  told: Told,
  answer: { status: number; body?: string },
  secret = SECRET,
): Promise<boolean> {
  const app = await startApp(() => answer);
  const exchange = await recorded({ url: HOOK, ...told });
  return (await sendWebhook(exchange, { to: app.url, secret })).accepted;
}

describe('what counts as accepted', () => {
  test('is a 2xx, and no redirect', async () => {
    expect(await isAccepted(STRIPE, { status: 204 })).toBe(true);
    expect(await isAccepted(STRIPE, { status: 302 })).toBe(false);
    expect(await isAccepted({ headers: ['X-WC-Webhook-Signature', 'A'] }, { status: 302 })).toBe(
      true,
    );
  });

  test('is for X a 200, and for its challenge the proof of the secret', async () => {
    const event = { headers: ['x-twitter-webhooks-signature', 'A'], body: '{}' };
    expect(await isAccepted(event, { status: 204 })).toBe(false);
    const crc = { method: 'GET', url: `${HOOK}?crc_token=abc` };
    const proof = createHmac('sha256', SECRET).update('abc').digest('base64');
    const right = `{"response_token":"sha256=${proof}"}`;
    expect(await isAccepted(crc, { status: 200, body: right })).toBe(true);
    const wrong = '{"response_token":"sha256=AAAA"}';
    expect(await isAccepted(crc, { status: 200, body: wrong })).toBe(false);
  });

  test('is for the set-up of Facebook the challenge, asked for with the verify token', async () => {
    const told = { method: 'GET', url: `${HOOK}?hub.verify_token=zzz&hub.challenge=17` };
    expect(await isAccepted(told, { status: 200, body: '17' })).toBe(true);
    expect(await isAccepted(told, { status: 200, body: 'ok' })).toBe(false);
    const app = await startApp();
    await sendWebhook(await recorded(told), { to: app.url, secret: 'verify me' });
    expect(app.received[0]?.url).toMatch(/\?hub\.verify_token=verify%20me&hub\.challenge=17$/);
  });

  test('is for Slack and Discord the right answer to their checks', async () => {
    const slack = { ...SLACK, body: '{"type":"url_verification","challenge":"3eZb"}' };
    expect(await isAccepted(slack, { status: 200, body: '3eZb' })).toBe(true);
    expect(await isAccepted(slack, { status: 200 })).toBe(false);
    const discord = { headers: ['X-Signature-Ed25519', 'A'], body: '{"type":1}' };
    const key = '11'.repeat(32);
    expect(await isAccepted(discord, { status: 200, body: '{"type":1}' }, key)).toBe(true);
    expect(await isAccepted(discord, { status: 200 }, key)).toBe(false);
  });

  test('is for Salesforce an acknowledgement in SOAP', async () => {
    const told = { headers: ['Content-Type', 'text/xml; charset=utf-8'], body: SOAP };
    expect(await isAccepted(told, { status: 200, body: '<x:Ack>true</x:Ack>' })).toBe(true);
    expect(await isAccepted(told, { status: 200, body: '<Ack>false</Ack>' })).toBe(false);
  });
});

test('the page about webhooks has a line for every provider', () => {
  const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
  const names = [...page.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(new Set(names)).toEqual(new Set(WEBHOOK_PROVIDERS));
});
