import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeholder } from '../src/placeholder.ts';

const KEY = Buffer.alloc(32, 7);
const shown = (secret: string): string => placeholder(secret, KEY);

/** A secret with every letter and digit replaced by its kind. */
function shape(text: string): string {
  return text.replace(/\d/g, '0').replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a');
}

function jwt(header: object, payload: object): string {
  const parts = [header, payload].map((content) =>
    Buffer.from(JSON.stringify(content)).toString('base64url'),
  );
  return `${parts.join('.')}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`;
}

function part(token: string, index: number): unknown {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());
}

function names(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

test('any secret keeps its length and the kinds of its characters, and is another one', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 200 });
  fc.assert(
    fc.property(ascii, (text) => {
      const secret = `-${text.replaceAll('%', '')}`;
      const out = shown(secret);
      expect(shape(out)).toBe(shape(secret));
      expect(shown(secret)).toBe(out);
      expect(out === secret).toBe(!/[A-Za-z0-9]/.test(secret));
    }),
  );
});

test('no text is too odd', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });
  fc.assert(
    fc.property(units, (codes) => {
      const secret = String.fromCharCode(...codes);
      expect(shown(secret)).toMatch(/^[\0-\x7f]*$/);
    }),
  );
  expect(shown('')).toBe('');
  expect(shown('é')).toMatch(/^[a-z]$/);
});

test('even one character is never its own placeholder', () => {
  for (const secret of 'abcxyzABCXYZ0123456789') expect(shown(secret)).not.toBe(secret);
});

test('the key decides', () => {
  const secrets = ['sk_live_51HabcDEF', 'correct horse battery', 'a'.repeat(40)];
  for (const secret of secrets) {
    expect(placeholder(secret, randomBytes(32))).not.toBe(placeholder(secret, randomBytes(32)));
  }
  const many = new Set(Array.from({ length: 2000 }, (_, at) => shown(`secret-number-${at}`)));
  expect(many.size).toBe(2000);
});

describe('shapes that clients check', () => {
  test.each([
    ['sk_live_51HabcDEFghiJKL', /^sk_live_\d{2}[A-Z][a-z]{3}[A-Z]{3}[a-z]{3}[A-Z]{3}$/],
    ['sk_test_4eC39HqL', /^sk_test_\d[a-z][A-Z]\d\d[A-Z][a-z][A-Z]$/],
    ['xoxb-123456-abcDEF', /^xoxb-\d{6}-[a-z]{3}[A-Z]{3}$/],
    ['ghp_0123456789abcdefABCDEF', /^ghp_\d{10}[a-z]{6}[A-Z]{6}$/],
    ['github_pat_11ABC_xyz', /^github_pat_\d\d[A-Z]{3}_[a-z]{3}$/],
    ['AKIAIOSFODNN7EXAMPLE', /^AKIA[A-Z]{8}\d[A-Z]{7}$/],
    ['SG.abc.DEF', /^SG\.[a-z]{3}\.[A-Z]{3}$/],
    ['AC0123456789abcdef0123456789abcdef', /^AC\d{10}[a-f]{6}\d{10}[a-f]{6}$/],
    ['0123456789abcdef0123456789abcdef-us21', /^[0-9a-f]{32}-us21$/],
    ['550e8400-e29b-41d4-a716-446655440000', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ['DEADBEEF00', /^[A-F]{8}\d\d$/],
    ['someone@example.com', /^[a-z]{7}@[a-z]{7}\.[a-z]{3}$/],
    ['c2VjcmV0IQ==', /^[a-z]\d[A-Z]{1}[a-z]{3}[A-Z]\d[A-Z]{2}==$/],
  ])('%s', (secret, expected) => {
    const out = shown(secret);
    expect(out).toMatch(expected);
    expect(out).toHaveLength(secret.length);
    expect(out).not.toBe(secret);
  });

  test('percent-encoded text stays decodable, and both spellings agree', () => {
    const out = shown('p%40ss%C3%A9%41');
    expect(out).toMatch(/^[a-z]%40[a-z]{2}%[67][0-9a-f]%[67][0-9a-f]%[45][0-9a-f]$/);
    expect(decodeURIComponent(shown('abc%2Fdef%3D'))).toBe(shown('abc/def='));
  });
});

describe('JSON Web Tokens', () => {
  const token = jwt(
    { alg: 'RS256', typ: 'JWT', kid: 'signing-key-1' },
    {
      sub: 'user-1234',
      email: 'someone@example.com',
      iat: 1_700_000_000,
      exp: 1_800_000_000,
      org: 42,
      admin: true,
      none: null,
      roles: ['owner', { of: 'acme' }],
      ['__proto__']: 'x',
      ['constructor']: 'y',
    },
  );

  test('keep three parts that decode, alg, claim names and times', () => {
    const out = shown(token);
    expect(out.split('.')).toHaveLength(3);
    expect(out).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]{43}$/);
    expect(part(out, 0)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^[a-z]{7}-[a-z]{3}-\d$/),
    });
    expect(part(out, 1)).toMatchObject({
      sub: expect.stringMatching(/^[a-z]{4}-\d{4}$/),
      email: expect.stringMatching(/^[a-z]+@[a-z]+\.[a-z]{3}$/),
      iat: 1_700_000_000,
      exp: 1_800_000_000,
      org: expect.any(Number),
      admin: true,
      none: null,
      roles: [expect.stringMatching(/^[a-z]{5}$/), { of: expect.stringMatching(/^[a-z]{4}$/) }],
    });
    expect(names(part(out, 1))).toEqual(names(part(token, 1)));
  });

  test('have no claim or signature left of the real one', () => {
    const out = shown(token);
    const text = JSON.stringify([part(out, 0), part(out, 1)]);
    for (const gone of ['signing-key', 'user-1234', 'someone', 'example', 'owner', 'acme', '42']) {
      expect(text).not.toContain(gone);
    }
    expect(out.split('.')[2]).not.toBe(token.split('.')[2]);
    expect(shown(token)).toBe(out);
  });

  test('a claim has the placeholder that its value has elsewhere', () => {
    expect(part(shown(token), 1)).toMatchObject({ email: shown('someone@example.com') });
  });

  test('encrypted, unsigned and damaged ones are no problem', () => {
    const header = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url');
    const encrypted = shown(
      `${header}..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4.XFBoMYUZodetZdvTiFvSkQ`,
    );
    expect(encrypted.split('.').map((text) => text.length)).toEqual([header.length, 0, 16, 43, 22]);
    expect(part(encrypted, 0)).toEqual({ alg: 'dir', enc: 'A256GCM' });
    const unsigned = shown(`${token.split('.').slice(0, 2).join('.')}.`);
    expect(unsigned).toMatch(/^eyJ[\w-]+\.[\w-]+\.$/);
    expect(shown('eyJhbGciOi.broken.sig')).toHaveLength(21);
    const deep = jwt({ alg: 'none' }, { list: JSON.parse('['.repeat(2000) + ']'.repeat(2000)) });
    expect(part(shown(deep), 0)).toEqual({ alg: 'none' });
  });
});
