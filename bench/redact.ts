import { createRedactor } from '@calltape/store';

// What redaction costs the writer's thread, for one body: without any secret, and with one.

const redactor = createRedactor(Buffer.alloc(32, 7));

function record(at: number): object {
  return {
    id: `cus_${at}9s6XKzkNRiz8i3`,
    object: 'customer',
    created: 1_700_000_000 + at,
    email: `jenny${at}@example.com`,
    description: 'A description, with words and more words in it',
    metadata: { order: '6735' },
    invoice_settings: { default_payment_method: null },
    href: `https://api.example.com/v1/items/${at}?limit=10&starting_after=obj_${at}`,
    tax_exempt: 'none',
  };
}

/** JSON of about `size` bytes; `extra` stands in front of the list. */
function body(size: number, extra: object): Buffer {
  const data: object[] = [];
  while (JSON.stringify(data).length < size) data.push(record(data.length));
  return Buffer.from(JSON.stringify({ ...extra, data }));
}

function microseconds(run: () => void, times: number): number {
  for (let n = 0; n < times; n += 1) run();
  const started = performance.now();
  for (let n = 0; n < times; n += 1) run();
  return ((performance.now() - started) * 1000) / times;
}

const KINDS: readonly (readonly [string, object])[] = [
  ['no secret', {}],
  ['a cursor', { next_page_token: 'abc' }],
  ['a secret', { access_token: 'abc-123-def-456' }],
];
for (const [size, times] of [
  [2_000, 5000],
  [50_000, 400],
] as const) {
  for (const [kind, extra] of KINDS) {
    const bytes = body(size, extra);
    const us = microseconds(() => redactor.body(bytes, 'application/json', '', false), times);
    process.stdout.write(`body of ${bytes.length} bytes, ${kind}: ${us.toFixed(1)} us\n`);
  }
}

const url = 'https://api.stripe.com/v1/customers/cus_9s6XKzkNRiz8i3/sources?limit=10&object=card';
process.stdout.write(`URL: ${microseconds(() => redactor.url(url), 20_000).toFixed(2)} us\n`);

const headers = [
  'Host: api.stripe.com',
  'Authorization: Bearer sk_live_51HabcDEFghiJKLmno',
  'User-Agent: Stripe/v1 NodeBindings/18.0.0',
  'Accept: application/json',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Length: 120',
  'Stripe-Version: 2026-01-01',
  'Idempotency-Key: 550e8400-e29b-41d4-a716-446655440000',
].flatMap((line) => line.split(/: (.*)/, 2));
process.stdout.write(
  `8 headers: ${microseconds(() => redactor.headers(headers), 20_000).toFixed(2)} us\n`,
);
