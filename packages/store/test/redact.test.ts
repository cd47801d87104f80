import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDraft, openTape, openWriter } from '@calltape/store';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { header, toLines } from '../src/headers.ts';
import { placeholder } from '../src/placeholder.ts';
import { createRedactor } from '../src/redact.ts';
import { disguises } from './secret-search.ts';

const KEY = Buffer.alloc(32, 9);
const redactor = createRedactor(KEY);
const shown = (secret: string): string => placeholder(secret, KEY);

function value(name: string, text: string): string {
  return header(toLines(redactor.headers([name, text])), name) ?? '';
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const JWT = `${base64('{"alg":"HS256","typ":"JWT"}').replace(/=+$/, '')}.${base64('{"sub":"customer-77"}').replace(/=+$/, '')}.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk`;

/** Secrets, each with the places it travels in; `$` stands for it. */
const CORPUS: readonly (readonly [secret: string, ...places: string[]])[] = [
  [
    'sk_live_51HabcDEFghiJKLmno',
    'Authorization: Bearer $',
    'authorization: bearer $',
    'Proxy-Authorization: Bearer $',
    'X-Relay-Authorization: Bearer $',
    'Authorization: $',
    'X-Debug-Note: sent with $ today',
    'Referer: https://a.example/x?note=$',
  ],
  [JWT, 'Authorization: Bearer $', 'X-Assertion: $', 'PayPal-Auth-Assertion: $', 'Cookie: t=$'],
  [
    'hunter2-correct-horse',
    'Cookie: theme=x; session=$',
    'cookie: $',
    'Set-Cookie: sid=$; Path=/; HttpOnly',
    'X-Api-Key: $',
    'api-key: $',
    'X-Auth-Token: $',
    'X-Amz-Security-Token: $',
    'x-goog-api-key: $',
    'X-Functions-Key: $',
    'X-Shopify-Access-Token: $',
    'X-CSRF-Token: $',
    'X-XSRF-TOKEN: $',
    'X-Session-Token: $',
    'X-Our-Own-Secret: $',
    'X-Acme-Api-Key: $',
    'Ocp-Apim-Subscription-Key: $',
    'Location: https://user:$@db.example/x',
    'X-Forwarded-For: http://proxy:$@10.0.0.1',
    'Link: <https://a.example/p?page=2&access_token=$>; rel="next"',
    'Location: https://app.example/cb#access_token=$&state=1',
    'Location: https://login.example/?redirect=https%3A%2F%2Fapp.example%2F%3Ftoken%3D$%26x%3D1',
    'Authorization: Token token="$", nonce="n"',
    'Authorization: SharedKey account:$',
    'Authorization: Digest username="$", realm="r", uri="/x", response="abc", algorithm=MD5',
    'WWW-Authenticate: Digest realm="r", nonce="$", qop="auth"',
    'From: $@example.com',
    'URL https://$@api.example/x',
    'URL https://user:$@api.example/x',
    'URL https://api.example/x?access_token=$',
    'URL https://api.example/x?a=1&API_KEY=$&b=2',
    'URL https://api.example/x?apikey=$',
    'URL https://api.example/x?key=$',
    'URL https://api.example/x?sig=$',
    'URL https://api.example/x?signature=$',
    'URL https://api.example/x?X-Amz-Signature=$',
    'URL https://api.example/x?token=$',
    'URL https://api.example/x?code=$',
    'URL https://api.example/x?password=$',
    'URL https://api.example/x?client_secret=$',
    'URL https://api.example/x?appid=$',
    'URL https://api.example/x?hapikey=$',
    'URL https://api.example/x?consumer_key=k&consumer_secret=$',
    'URL https://api.example/x?fb_exchange_token=$',
    'URL https://api.example/x?user[password]=$',
    'URL https://api.example/x?user%5Bpassword%5D=$',
    'URL https://hooks.slack.com/services/T01234567/B01234567/$',
    'URL https://discord.com/api/webhooks/123456789012345678/$',
    'URL https://hooks.zapier.com/hooks/catch/123456/$/',
  ],
  ['ghp_0123456789abcdefghijABCDEFGHIJ012345', 'X-Note: $', 'URL https://api.example/$/x'],
  ['xoxb-123456789012-abcdefGHIJKL', 'X-Note: $', 'URL https://slack.com/api/x?foo=$'],
  [
    'AKIAIOSFODNN7EXAMPLE',
    'X-Note: id=$',
    `Authorization: AWS4-HMAC-SHA256 Credential=$/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00ff`,
  ],
  ['123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', 'URL https://api.telegram.org/bot$/getMe'],
  ['0123456789abcdef0123456789abcdef-us21', 'X-Note: $'],
  ['abcdefghijklmnopqrstuvwxyz', 'X-Upstream: Bearer $'],
];

describe('no secret survives, and what is around it does', () => {
  const cases = CORPUS.flatMap(([secret, ...places]) =>
    places.map((place): [string, string] => [place, secret]),
  );
  test.each(cases)('%s', (place, secret) => {
    const isUrl = place.startsWith('URL ');
    const split = place.indexOf(isUrl ? ' ' : ': ');
    const text = place.slice(split + (isUrl ? 1 : 2));
    const out = isUrl
      ? redactor.url(text.replace('$', secret))
      : value(place.slice(0, split), text.replace('$', secret));
    for (const disguise of disguises(secret)) expect(out).not.toContain(disguise);
    if (secret === JWT) expect(out).toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/);
    else expect(out).toHaveLength(text.length - 1 + secret.length);
    if (isUrl) expect(URL.canParse(out)).toBe(true);
  });
});

describe('headers', () => {
  test('names, order, letter case, duplicates and what is no secret stay', () => {
    const flat = [
      'Accept',
      '*/*',
      'X-API-Key',
      'k1',
      'accept',
      'b',
      'x-api-key',
      'k1',
      'Empty',
      '',
    ];
    const out = redactor.headers(flat);
    expect(out).toEqual([
      'Accept',
      '*/*',
      'X-API-Key',
      shown('k1'),
      'accept',
      'b',
      'x-api-key',
      shown('k1'),
      'Empty',
      '',
    ]);
    expect(flat[3]).toBe('k1');
  });

  test('a list without secrets is given back itself', () => {
    const lines = [
      'Host: api.example',
      'X-Forwarded-For: 10.0.0.1, 10.0.0.2',
      'ETag: "33a64df5"',
      'Idempotency-Key: 5f1c',
      'X-Next-Token: abc',
      'X-RateLimit-Remaining-Tokens: 5',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Link: <https://a/?page=2>; rel="next"',
      'Content-Type: text/html; charset=utf-8',
      'User-Agent: curl/8.5.0',
      'Cookie: ',
      'X-Request-Id: 550e8400-e29b-41d4-a716-446655440000',
      'Date: Sun, 22 Nov 2026 09:30:00 GMT',
    ];
    const flat = lines.flatMap((line) => line.split(/: (.*)/, 2));
    expect(redactor.headers(flat)).toBe(flat);
  });

  test('the scheme of credentials stays', () => {
    expect(value('Authorization', 'Bearer abc')).toBe(`Bearer ${shown('abc')}`);
    expect(value('Authorization', 'Bot  abc')).toBe(`Bot  ${shown('abc')}`);
    expect(value('Authorization', 'pass123 word')).toBe(shown('pass123 word'));
    expect(value('Proxy-Authorization', 'NTLM TlRM')).toBe(`NTLM ${shown('TlRM')}`);
  });

  test('Basic credentials still decode, user and password apart', () => {
    const basic = (text: string): string => {
      const [scheme, coded = ''] = value('authorization', `Basic ${base64(text)}`).split(' ');
      expect(scheme).toBe('Basic');
      return Buffer.from(coded, 'base64').toString();
    };
    expect(basic('user:pass:word')).toBe(`${shown('user')}:${shown('pass:word')}`);
    expect(basic('sk_test_abc123:')).toBe(`${shown('sk_test_abc123')}:`);
    expect(basic('no colon')).toBe(shown('no colon'));
    expect(value('authorization', 'Basic ???')).toBe('Basic ???');
    expect(value('authorization', 'Basic YWJj')).not.toContain('YWJj');
  });

  test('parameters that say how to read the others stay', () => {
    expect(
      value(
        'Authorization',
        'OAuth oauth_consumer_key="ck", oauth_signature="a%2Fb%3D", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_version="1.0"',
      ),
    ).toBe(
      `OAuth oauth_consumer_key="${shown('ck')}", oauth_signature="${shown('a%2Fb%3D')}", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_version="1.0"`,
    );
    expect(
      value(
        'authorization',
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80',
      ),
    ).toBe(
      `AWS4-HMAC-SHA256 Credential=${shown('AKIAIOSFODNN7EXAMPLE')}/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${shown('fe5f80')}`,
    );
    const challenge = 'Bearer realm="https://auth.docker.io/token",service="registry",scope="pull"';
    expect(value('WWW-Authenticate', challenge)).toBe(challenge);
  });

  test('cookie names and attributes stay', () => {
    expect(value('Cookie', 'a=1;  b="x y"; bare; c=d=e; empty=')).toBe(
      `a=${shown('1')};  b=${shown('"x y"')}; ${shown('bare')}; c=${shown('d=e')}; empty=`,
    );
    expect(value('Set-Cookie', 'id=s%3Aabc; Path=/; Max-Age=5; Secure')).toBe(
      `id=${shown('s%3Aabc')}; Path=/; Max-Age=5; Secure`,
    );
  });

  test('the list of names that peers redact is covered', () => {
    for (const name of [
      'X-Real-IP',
      'x-session-token',
      'Private-Token',
      'DD-API-KEY',
      'X-Vault-Token',
    ]) {
      expect(value(name, 'value-123')).toBe(shown('value-123'));
    }
  });
});

describe('URLs', () => {
  test('what is no secret stays, letter for letter', () => {
    for (const url of [
      'https://api.example/v1/x?page_token=abc&next_token=d&limit=10&q=a%20b+c#top',
      'http://h:8080//a//b?keyword=1&monkey=2&codec=3&tokens=4&expand[]=data',
      'https://unpkg.com/@scope/pkg@1.2.3/index.js?x=a@b',
      'https://cdn.example/locales/sk-SK-common-translations-file.json',
      'http://[::1]:3000/',
    ]) {
      expect(redactor.url(url)).toBe(url);
    }
  });

  test('each secret is replaced in its place', () => {
    expect(redactor.url('https://u%40x:p@h/a?token=t1&x=1&Sig=a%2Bb#code=c')).toBe(
      `https://${shown('u%40x')}:${shown('p')}@h/a?token=${shown('t1')}&x=1&Sig=${shown('a%2Bb')}#code=${shown('c')}`,
    );
    expect(redactor.url('https://h/?token=')).toBe('https://h/?token=');
  });

  test('equal secrets stay equal wherever they are', () => {
    const secret = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
    expect(redactor.url(`https://h/?access_token=${secret}`)).toContain(shown(secret));
    expect(value('Authorization', `Bearer ${secret}`)).toContain(shown(secret));
    expect(value('X-Note', `used ${secret}.`)).toBe(`used ${shown(secret)}.`);
    expect(value('Cookie', `k=${secret}`)).toBe(`k=${shown(secret)}`);
    const others = Array.from({ length: 3000 }, (_, at) => `x-${at}-secret`);
    for (const other of others) value('x-api-key', other);
    expect(value('x-api-key', secret)).toBe(shown(secret));
  });
});

test('hostile values take no time', () => {
  const pieces = [
    'eyJ-',
    'sk-',
    '&a_',
    '://a',
    '[a.',
    'eyJaaaaaaaaaa.',
    '%3Fa-',
    'SG.',
    '0aF',
    'Bearer ',
    'a = ',
    '?key=',
    '"\\',
    'a=b,',
    ' ',
  ];
  const names = ['x-any', 'authorization', 'www-authenticate', 'cookie', 'set-cookie', 'from'];
  for (const piece of pieces) {
    const long = piece.repeat(Math.ceil(40_000 / piece.length));
    const started = performance.now();
    redactor.url(`http://h/?${long}`);
    for (const name of names) redactor.headers([name, long, name, `Digest ${long}`]);
    expect(performance.now() - started).toBeLessThan(1500);
  }
});

test('a written tape holds none of the secrets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-redact-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  vi.stubEnv('CALLTAPE_HOME', join(folder, 'home'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const file = join(folder, 'a.tape');
  const secrets = [
    'sk_live_51HabcDEFghiJKLmno',
    'session-value-0815',
    'password-in-url',
    'query-key-4711',
  ];
  const draft = newDraft('GET', 'https://u:password-in-url@api.example/x?api_key=query-key-4711');
  draft.headers = ['Authorization', `Bearer ${secrets[0]}`, 'Cookie', 'sid=session-value-0815'];
  draft.headers = [...draft.headers, 'Proxy-Authorization', `Basic ${base64('me:query-key-4711')}`];
  draft.trailers = ['X-Api-Key', 'session-value-0815'];
  draft.response = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: ['Set-Cookie', 'sid=session-value-0815; Path=/'],
    body: { pieces: [], size: 0, hash: null },
    trailers: ['X-Token', 'session-value-0815'],
    interim: [{ status: 103, statusText: '', headers: ['X-Api-Key', 'query-key-4711'], atMs: 1 }],
    chunks: [],
  };
  draft.outcome = 'complete';
  const writer = await openWriter(file, { name: 'r', source: 'proxy' });
  writer.finish(draft);
  await writer.close();
  const tape = openTape(file);
  const [exchange] = tape.exchanges();
  tape.close();
  expect(header(exchange?.request.headers ?? [], 'authorization')).toMatch(
    /^Bearer sk_live_\w{18}$/,
  );
  for (const name of await readdir(folder)) {
    if (name === 'home') continue;
    const bytes = (await readFile(join(folder, name))).toString('latin1');
    for (const secret of secrets) {
      for (const disguise of disguises(secret)) expect(bytes).not.toContain(disguise);
    }
  }
});
