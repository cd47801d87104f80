import { expect, it } from 'vitest';
import { MockError, parseFault } from '@calltape/mock';

function refusal(text: string): MockError {
  try {
    parseFault(text);
  } catch (error) {
    if (error instanceof MockError) return error;
  }
  throw new Error(`"${text}" was not refused`);
}

it('reads method, path and kind', () => {
  const rule = parseFault(' POST /v1/*  status=429 retry-after=1\tfirst=2 ');
  expect(rule.text).toBe('POST /v1/*  status=429 retry-after=1\tfirst=2');
  expect(['POST', 'GET'].map(rule.matchesMethod)).toEqual([true, false]);
  expect(['/v1/charges', '/v2/charges'].map((path) => rule.matchesPath('any', path))).toEqual([
    true,
    false,
  ]);
  expect(rule.conditions).toHaveLength(1);
});

it('takes * for every method and a host in front of the path', () => {
  const rule = parseFault('* *.Stripe.com:443/v1/** timeout');
  expect(rule.matchesMethod('PURGE')).toBe(true);
  expect(rule.matchesPath('api.stripe.com', '/v1/a/b')).toBe(true);
  expect(rule.matchesPath('api.example.com', '/v1/a/b')).toBe(false);
});

it.each([
  'GET /a latency=200ms',
  'GET /a latency=lognormal(200ms, 0.5) p=.3',
  'GET /a latency=uniform(50ms,2s)',
  'GET /a reset',
  'GET /a reset at=headers',
  'GET /a reset at=bytes:10',
  'GET /a reset at=chunk:2 after=10 every=3 times=5',
  'GET /a truncate=50%',
  'GET /a truncate=0',
  'GET /a status=204',
])('accepts %s', (text) => {
  expect(parseFault(text).text).toBe(text);
});

const REFUSED: readonly [text: string, part: string, advice: RegExp][] = [
  ['', '""', /at least three words/],
  ['GET /a', '"GET /a"', /METHOD PATH KIND/],
  ['get /a reset', '"get"', /GET/],
  ['/a GET reset', '"/a"', /begins with a method or \*/],
  ['GET a reset', '"a"', /\/\*\* stands for all paths/],
  ['GET https://h/a reset', '"https://h/a"', /scheme out: h\/a/],
  ['GET /a?b=c reset', '"/a?b=c"', /without query: \/a/],
  ['GET /a/b** reset', '"/a/b**"', /stands alone between slashes/],
  ['GET /a stauts=503', '"stauts"', /did you mean status\?/],
  [
    'GET /a explode',
    '"explode"',
    /called that\. The kinds are latency, bandwidth, timeout, reset, .*, drift\.$/,
  ],
  ['GET /a status', '"status"', /200 to 599: status=503/],
  ['GET /a status=99', '"status=99"', /200 to 599/],
  ['GET /a status=503 retry-after=soon', '"retry-after=soon"', /whole seconds: retry-after=1/],
  ['GET /a status=503 retry_after=1', '"retry_after"', /did you mean retry-after\?/],
  ['GET /a reset retry-after=1', '"retry-after"', /Its keys are at, p, first/],
  ['GET /a reset at=body', '"at=body"', /headers, bytes:N or chunk:N/],
  ['GET /a reset=1', '"reset=1"', /takes no value/],
  ['GET /a timeout=5s', '"timeout=5s"', /takes no value/],
  ['GET /a latency', '"latency"', /latency=200ms/],
  ['GET /a latency=fast', '"latency=fast"', /lognormal\(200ms,0\.5\)/],
  ['GET /a latency=uniform(2s,50ms)', '"latency=uniform(2s,50ms)"', /uniform/],
  ['GET /a truncate', '"truncate"', /truncate=50% or truncate=100/],
  ['GET /a truncate=100%', '"truncate=100%"', /less than 100%/],
  ['GET /a reset p=2', '"p=2"', /0 to 1: p=0\.3/],
  ['GET /a reset p', '"p"', /needs a value: p=/],
  ['GET /a reset fist=2', '"fist"', /did you mean first\?/],
  ['GET /a reset every=0', '"every=0"', /every=3/],
  ['GET /a reset first=two', '"first=two"', /first=2/],
  ['GET /a reset first=1 first=2', '"first=2"', /once/],
  ['GET /a reset\u0000', '"GET /a reset\\u0000"', /control characters/],
  [`GET /${'a'.repeat(5_000)} reset`, '"GET /aaaaaaaaaa', /at most 4096/],
];

it.each(REFUSED)('refuses %j, naming %s', (text, part, advice) => {
  const error = refusal(text);
  expect(error.code).toBe('FAULT_INVALID');
  expect(error.message).toContain(part);
  expect(error.message).toMatch(advice);
});
