import { randomBytes } from 'node:crypto';
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeholder } from '../src/placeholder.ts';
import { createRedactor } from '../src/redact.ts';
import { parseRedactRules } from '../src/redact-rules.ts';

const KEY = Buffer.alloc(32, 9);
const redactor = createRedactor(KEY);
const shown = (secret: string): string => placeholder(secret, KEY);

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=XX';

function redacted(text: string, type: string, from = redactor): string {
  const bytes = Buffer.from(text);
  const out = Buffer.from(from.body(bytes, type, '', false));
  expect(out).toHaveLength(bytes.length);
  return out.toString();
}

/** `«secret»` marks what has to be replaced; all else has to stay. */
function check(type: string, marked: string): void {
  const text = marked.replace(/«([^»]*)»/g, '$1');
  const expected = marked.replace(/«([^»]*)»/g, (_, secret: string) => shown(secret));
  expect(redacted(text, type)).toBe(expected);
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const valid = (text: string): boolean =>
  text
    .replace(/\D/g, '')
    .split('')
    .toReversed()
    .reduce((sum, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) %
    10 ===
  0;

const withRules = (...rules: string[]): typeof redactor =>
  createRedactor(KEY, { rules: parseRedactRules(rules) });

describe('what is secret goes, and all else stays byte for byte', () => {
  test.each([
    [JSON_TYPE, '{"email":"a@b.c", "password" : "«hunter2-horse»",\n "n": 1.10}'],
    [JSON_TYPE, '{"access_token":"«tok-1a»","token_type":"bearer","expires_in":3600}'],
    [JSON_TYPE, '{"refreshToken":"«r1»","idToken":"«i1»","client-secret":"«c1»","apiKey":"«k1»"}'],
    [JSON_TYPE, '{"nextPageToken":"abc1","next_page_token":"b","NextToken":"c","page_token":"d"}'],
    [JSON_TYPE, '{"max_tokens":100,"usage":{"prompt_tokens":12},"has_password":true}'],
    [JSON_TYPE, '{"code":"card_declined","key":"PROJ-1","sid":"AC1","id":"sess_1"}'],
    [JSON_TYPE, '{"client_id":"x","client_secret":"«s1»","code":"«auth-code-1»"}'],
    [JSON_TYPE, '{"source":"tok_visa","token":"tok_1AbcDEF","password":null,"secret":""}'],
    [JSON_TYPE, '{"access_tokens":["«a1»","«b2»",{"id":"x"}],"secret":["«c3»"]}'],
    [JSON_TYPE, '{"credentials":{"password":{"value":"«tlpWENT2m»"}}}'],
    [JSON_TYPE, '{"webhook_secret":"«abc123»","session_id":"«s-123»","code_verifier":"«v»"}'],
    [JSON_TYPE, '[{"name":"Authorization","value":"Bearer «abc»"},{"name":"x","value":"y"}]'],
    [JSON_TYPE, '{"headers":{"Authorization":"Bearer «abc»","Cookie":"a=«1»; b=«22»"}}'],
    [JSON_TYPE, '{"note":"use «sk_live_51HabcDEFghiJKL» today"}'],
    [JSON_TYPE, '{"next":"https://graph.example/v1?access_token=«EAABx»&limit=2"}'],
    [
      JSON_TYPE,
      String.raw`{"next":"https:\/\/g.example\/?a=1\u0026access_token=«EAABx»\u0026b=2"}`,
    ],
    [JSON_TYPE, '{"url":"postgres://«user»:«pass-1»@db.example/x"}'],
    [JSON_TYPE, '{"hook":"https://hooks.slack.com/services/T01234567/B01234567/«abcDEF123»"}'],
    [JSON_TYPE, '{"upload_url":"https://files.slack.com/upload/v1/«CwABAAAAXAo»"}'],
    [JSON_TYPE, String.raw`{"body":"{\"password\":\"«hunter2»\",\"a\":1}"}`],
    [
      JSON_TYPE,
      String.raw`{"query":"mutation { login(user: \"me\", password: \"«hunter2»\") { id } }"}`,
    ],
    [JSON_TYPE, '{"query":"mutation($p: String!) { x }","variables":{"password":"«hunter2»"}}'],
    [JSON_TYPE, '{"order_key":"«wc_order_58d2d042d1d»","id":727}'],
    [JSON_TYPE, '{"__proto__":{"password":"«p1»"},"constructor":{"token":"«t1»"}}'],
    [JSON_TYPE, '{"pin_count":3,"otp":"«123456»","cvc":"«314»"}'],
    [JSON_TYPE, '{"a":1}\n{"password":"«p1»"}\n{"token":"«t1»"}\n'],
    [JSON_TYPE, ')]}\',\n{"password":"«p1»"}'],
    [JSON_TYPE, 'callback({"password":"«p1»"})'],
    [
      JSON_TYPE,
      '{"choices":[{"logprob":-1,"token":"information"}],"logprob":0}'.replace(
        '"logprob":0',
        '"logprob":-2',
      ),
    ],
    [JSON_TYPE, '{"message":"Invalid token: please log in again"}'],
    [JSON_TYPE, '{"password":"«hunter2-and-cut'.replace('«', '«').concat('»')],
    ['', '{"password":"«p1»"}'],
    ['text/plain', '{"password":"«p1»"}'],
    ['application/x-ndjson', '{"secret":"«p1»"}\n{"secret":"«p2»"}'],
    [
      'text/event-stream',
      'event: x\ndata: {"token":"«t1»"}\n\ndata: it is 5" {"token":"«t2»"}\n\n',
    ],
    [FORM, 'username=me&password=«hunter2»&grant_type=password&client_secret=«s1»'],
    [FORM, 'token=«abc»&page_token=x&code=«123456»&To=%2B1555&key=«k1»'],
    [FORM, 'card[number]=x&card[cvc]=«314»&user%5Bpassword%5D=«hunter2»'],
    [FORM, 'assertion=«abc.def»&code_verifier=«v1»&refresh_token=«r1»&x'],
    [FORM, 'payload=%7B%22token%22%3A%22«abc1»%22%7D&ok=1'],
    [
      MULTIPART,
      '--XX\r\nContent-Disposition: form-data; name="password"\r\n\r\n«hunter2»\r\n--XX\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\nContent-Type: application/json\r\n\r\n{"token":"«t1»"}\r\n--XX--\r\n',
    ],
    [
      'text/xml',
      '<se:Envelope><n1:login><n1:username>me</n1:username><n1:password>«pass+TOKEN1»</n1:password></n1:login></se:Envelope>',
    ],
    [
      'text/xml',
      '<r><sessionId>«00Dxx!AQ.abc»</sessionId><x token="«t1»" a="b">y</x><password/></r>',
    ],
    [
      'application/soap+xml',
      '<wsse:Password Type="x#PasswordText">\n  «p w&1»\n</wsse:Password>'.replace('&', '-'),
    ],
    ['text/xml', '<password><![CDATA[«hunter<2»]]></password><!-- token=«abc123» -->'],
    [
      'text/html',
      '<form><input type="hidden" name="csrf_token" value="«abc123»"><input name="q" value="x"></form>',
    ],
    [
      'application/javascript',
      'function a(e){return{password:e.password,token:t,k:"«sk_live_51HabcDEFghiJKL»"}}',
    ],
    ['text/plain', 'user: me\npassword: «swordfish»\napi_key=«abc»\nexport TOKEN="«x y»"'],
    ['text/plain', 'Authorization: Bearer «abc.def-ghi_jkl~mno»\nX: y'],
    ['application/x-yaml', 'db:\n  password: «swordfish» # old\n  tokens: 5\n'],
    [
      'text/plain',
      '-----BEGIN RSA PRIVATE KEY-----\n«MIIEpAIBAAKCAQEA»\n«abcDEF/+12=»\n-----END RSA PRIVATE KEY-----\n',
    ],
    [
      JSON_TYPE,
      String.raw`{"private_key":"-----BEGIN PRIVATE KEY-----\n«MIIEvQIBADANBgkq»\n«hkiG9w0BAQEFAASC»\n-----END PRIVATE KEY-----\n"}`,
    ],
  ])('%s %s', check);

  test('JSON Web Tokens', () => {
    const token = `${part({ alg: 'HS256' })}.${part({ sub: 'customer-ü', n: 10.5, exp: 1 })}.${'a'.repeat(43)}`;
    check(JSON_TYPE, `{"id_token":"«${token}»","other":"«${token}»"}`);
    expect(shown(token)).toHaveLength(token.length);
    expect(Buffer.from(shown(token).split('.')[1] ?? '', 'base64url').toString()).toMatch(
      /^\{"sub":"[a-z]{8}-[a-z]{2}","n":[1-9]\d\.\d,"exp":1\}$/,
    );
  });

  test('a secret has one placeholder, however it is written', () => {
    const secret = 'pÄss/"w1';
    const latin = Buffer.from(secret).toString('latin1');
    const out = shown(latin);
    const json = redacted(String.raw`{"password":"pÄss\/\"w1"}`, JSON_TYPE);
    expect(JSON.parse(json)).toEqual({ password: out });
    expect(
      new URLSearchParams(redacted(`password=${encodeURIComponent(secret)}`, FORM)).get('password'),
    ).toBe(out);
    expect(redacted('<password>pÄss/&quot;w1</password>', 'text/xml')).toBe(
      `<password>${out.replace('"', '&quot;')}</password>`,
    );
    const escaped = redacted(String.raw`{"p\u0061ssword":"\u0068unter2"}`, JSON_TYPE);
    expect(JSON.parse(escaped)).toEqual({ password: shown('hunter2') });
    expect(redacted(String.raw`{"note":"\u0073k_live_51HabcDEFghiJKL"}`, JSON_TYPE)).not.toContain(
      '51Habc',
    );
    expect(redacted('<password>&#104;unter2&#x41;</password>', 'text/xml')).not.toMatch(
      /#104|unter2|x41/,
    );
  });

  test('UTF-16', () => {
    for (const order of ['le', 'be']) {
      const coded = (text: string): Buffer => {
        const little = Buffer.from(text, 'utf16le');
        return order === 'le' ? little : little.swap16();
      };
      const out = redactor.body(
        coded('\ufeff{"password":"hunter2"}'),
        'text/xml; charset=utf-16',
        '',
        false,
      );
      expect(Buffer.from(out)).toEqual(coded(`\ufeff{"password":"${shown('hunter2')}"}`));
    }
  });
});

describe('card numbers', () => {
  test.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '5555-5555-5555-4444',
    '378282246310005',
    '3782 822463 10005',
    '30569309025904',
    '6011111111111117',
    '3566002020360505',
    '4222222222222',
    '2223003122003222',
  ])('%s', (card) => {
    for (const text of [`{"number":"${card}"}`, `pay with ${card}, please`, `<n>${card}</n>`]) {
      const out = redacted(text, '');
      expect(out).not.toContain(card);
      const [other = ''] = /\d[\d -]{10,}\d/.exec(out) ?? [];
      expect(other.replace(/\d/g, '0')).toBe(card.replace(/\d/g, '0'));
      expect(valid(other)).toBe(true);
      expect(other.charAt(0)).toBe(card.charAt(0));
    }
    expect(redacted(`card[number]=${card.replaceAll(' ', '+')}&x=1`, FORM)).not.toContain(
      card.replaceAll(' ', '+'),
    );
    if (/^\d+$/.test(card))
      expect(redacted(`{"number":${card}}`, '')).toMatch(/^\{"number":\d+\}$/);
  });

  test('ids, times and longer runs of digits are none', () => {
    for (const text of [
      '{"at":1700000000000,"n":"4242424242424241","run":"42424242424242421234567890"}',
      '{"id":"4242424242424242","user_id":4242424242424242}',
      'x4242424242424242 4242424242424242.5 -4242424242424242 /4242424242424242',
      '0000000000000000 1111111111111111',
    ]) {
      expect(redacted(text, '')).toBe(text);
    }
  });
});

describe('compressed bodies', () => {
  const text = '{"password":"hunter2-horse","a":[1,2,3]}';
  const expected = text.replace('hunter2-horse', shown('hunter2-horse'));
  test.each([
    ['gzip', gzipSync, gunzipSync],
    ['br', brotliCompressSync, brotliDecompressSync],
    ['deflate', deflateRawSync, inflateRawSync],
    ['zstd', zstdCompressSync, zstdDecompressSync],
  ])('%s is looked into and compressed again', (coding, compress, decompress) => {
    const bytes = compress(Buffer.from(text));
    const stored = redactor.storedBody({ bytes, size: bytes.length, type: JSON_TYPE, coding });
    expect(decompress(stored.bytes).toString()).toBe(expected);
    expect(stored).toMatchObject({ size: stored.bytes.length, omitted: null });
    const clean = compress(Buffer.from('{"a":1}'));
    expect(redactor.body(clean, JSON_TYPE, coding, false)).toBe(clean);
  });

  test('layers', () => {
    const bytes = brotliCompressSync(gzipSync(text));
    const out = redactor.body(bytes, JSON_TYPE, 'gzip, br', false);
    expect(gunzipSync(brotliDecompressSync(out)).toString()).toBe(expected);
  });

  test('what is cut is kept as far as it can be looked into, and looks cut', () => {
    const filler = randomBytes(3000).toString('hex');
    const whole = gzipSync(`{"password":"hunter2-horse","filler":"${filler}"}`);
    const bytes = whole.subarray(0, 2000);
    const stored = redactor.storedBody({
      bytes,
      size: whole.length,
      type: JSON_TYPE,
      coding: 'gzip',
    });
    expect(gunzipSync(stored.bytes).toString()).toContain(shown('hunter2-horse'));
    expect(stored.size).toBeGreaterThan(stored.bytes.length);
    const zstd = zstdCompressSync(`{"password":"hunter2-horse","x":"${'ab'.repeat(500)}"}`);
    const none = redactor.storedBody({
      bytes: zstd.subarray(0, 20),
      size: zstd.length,
      type: JSON_TYPE,
      coding: 'zstd',
    });
    expect(none.bytes).toHaveLength(0);
    expect(none.omitted).toContain('could not be searched');
  });

  test('a coding that is unknown or a lie', () => {
    const plain = Buffer.from(text);
    expect(Buffer.from(redactor.body(plain, JSON_TYPE, 'gzip', false)).toString()).toBe(expected);
    expect(Buffer.from(redactor.body(plain, JSON_TYPE, 'utf-8', false)).toString()).toBe(expected);
    const stored = redactor.storedBody({
      bytes: Buffer.from([1, 0xff, 0xfe]),
      size: 3,
      type: '',
      coding: 'exi',
    });
    expect(stored).toEqual({
      bytes: new Uint8Array(0),
      size: 3,
      omitted: expect.stringContaining('unknown content coding'),
    });
  });
});

test('a secret that is cut in the middle goes too', () => {
  const type = JSON_TYPE;
  const whole = '{"a":1,"password":"hunter2-horse","note":"sk_live_51HabcDEFghiJKLmnopq"}';
  for (let length = 20; length < whole.length; length += 1) {
    const out = redacted(whole.slice(0, length), type);
    expect(out).not.toContain('hunter2');
    if (length > 60) expect(out).not.toContain('51Habc');
  }
});

test('base64 that holds the letters of a key by chance stays', () => {
  for (const chance of ['/EAA', '+EAA', '/1//0']) {
    const text = `{"image":"iVBORw0KGgo${chance}${'Ab1'.repeat(20)}"}`;
    expect(redacted(text, JSON_TYPE)).toBe(text);
  }
});

test('media of their own format stay as they are', () => {
  const bytes = Buffer.from('\x89PNG password=hunter2');
  expect(redactor.body(bytes, 'image/png', '', false)).toBe(bytes);
});

test('any bytes keep their length, and any JSON its meaning apart from the secrets', () => {
  const types = [JSON_TYPE, FORM, MULTIPART, 'text/xml', 'text/event-stream', 'text/plain', ''];
  const word = fc.constantFrom(
    '"password":"',
    'token=',
    '<secret>',
    '\\u0041',
    '%41',
    '{',
    '[',
    '"',
    '\\',
    '&',
    '\n',
    'data: ',
    '--XX\r\n\r\n',
    'sk_live_aaaaaaaaaa',
    '4242424242424242',
    'é',
    '\0',
    'x',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), fc.constantFrom(...types), (words, type) => {
      redacted(words.join(''), type);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(redacted(json, JSON_TYPE)).toBe(json);
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.json(), (secret, json) => {
      const out: unknown = JSON.parse(
        redacted(`{"password":${JSON.stringify(secret)},"x":${json}}`, JSON_TYPE),
      );
      expect(out).toMatchObject({ password: expect.any(String) });
    }),
  );
});

test('hostile bodies of 5 MB take seconds at most', { timeout: 120_000 }, () => {
  const pieces = [
    '"',
    '\\',
    '{"a":',
    '[',
    '<a',
    '<![CDATA[',
    '&#',
    '%',
    '=',
    '&',
    'token',
    'token:',
    'a.',
    'eyJa.',
    'sk-',
    '4242 ',
    '1',
    'data:',
    ' ',
    '://',
    '?key=',
    '-----BEGIN PRIVATE KEY-----',
    '\\u0041',
    '"password":"',
    "password='",
  ];
  const slow: [string, number][] = [];
  const types = [
    ['', ''],
    [JSON_TYPE, '{"password":"x","y":"'],
    [FORM, 'token=x&a='],
    ['text/xml', '<token>'],
  ] as const;
  pieces.forEach((piece, at) => {
    const text = piece.repeat(Math.ceil(5_000_000 / piece.length));
    const [type, start] = types[at % types.length] ?? types[0];
    const started = performance.now();
    redactor.body(Buffer.from(start + text, 'latin1'), type, '', false);
    const took = performance.now() - started;
    if (took > 5_000) slow.push([`${type} ${piece}`, took]);
  });
  expect(slow).toEqual([]);
});

describe('the rules of a user', () => {
  test.each([
    ['json:$.user.email', '{"user":{"email":"«a@b.c»","n":1},"email":"x@y.z"}'],
    ['json:$..email', '{"user":{"email":"«a@b.c»"},"list":[{"email":"«d@e.f»"}]}'],
    ['json:$.list[*].name', '{"list":[{"name":"«Ann»"},{"name":"«Bob»","x":"y"}]}'],
    ['json:$.list[1]', '["x"]{"list":["a","«b»"]}'.slice(5)],
    ['json:$.user.*', '{"user":{"a":"«x1»","b":{"c":"«y1»"}},"z":"z"}'],
    ["json:$['odd.name']", '{"odd.name":"«x1»"}'],
    ['text:ACME-[0-9]+', '{"note":"see «ACME-1234» now"}'],
  ])('%s', (rule, marked) => {
    const text = marked.replace(/«([^»]*)»/g, '$1');
    const expected = marked.replace(/«([^»]*)»/g, (_, secret: string) => shown(secret));
    expect(redacted(text, JSON_TYPE, withRules(rule))).toBe(expected);
  });

  test('headers, queries and forms', () => {
    const one = withRules('header:X-User', 'query:email', 'form:phone', 'cookie:sid');
    expect(one.headers(['x-user', 'ann'])).toEqual(['x-user', shown('ann')]);
    expect(one.url('https://h/?email=a%40b&x=1')).toBe(`https://h/?email=${shown('a%40b')}&x=1`);
    expect(redacted('phone=123&x=1', FORM, one)).toBe(`phone=${shown('123')}&x=1`);
  });

  test.each([
    ['email', 'is none'],
    ['xml:/a', 'unknown kind "xml"'],
    ['json:user', 'begin with json:$'],
    ['json:$', 'whole body'],
    ['json:$.a[?(@.b)]', 'cannot be read at "[?(@.b)]"'],
    ['json:$.a..', 'ends with a dot'],
    ['text:(a+)+b', 'repeats a group at character 5'],
    ['text:[a', 'no regular expression'],
    ['text:a*b*', 'may take very long at character 4'],
    ['text:(?=a)b', 'at character 1 other than (?:'],
    ['text:a*', 'where there is nothing'],
  ])('%s is refused', (rule, why) => {
    expect(() => parseRedactRules([rule])).toThrow(why);
  });
});
