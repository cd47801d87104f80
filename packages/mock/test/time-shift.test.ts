import { gunzipSync, gzipSync } from 'node:zlib';
import { openTape } from '@calltape/store';
import { expect, it, vi } from 'vitest';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { makeTape } from './tape.ts';
import type { Told } from './tape.ts';

const HOUR = 3_600;
const JSON_TYPE = ['Content-Type', 'application/json'];

/** A tape whose calls were recorded `agoMs` before now. */
async function agedTape(
  calls: (seconds: number) => readonly Told[],
  agoMs: number,
): Promise<string> {
  const at = Date.now() - agoMs;
  const clock = vi.spyOn(Date, 'now').mockReturnValue(at);
  try {
    return await makeTape(calls(Math.floor(at / 1_000)), 'proxy');
  } finally {
    clock.mockRestore();
  }
}

function near(seconds: number): { readonly asymmetricMatch: (value: unknown) => boolean } {
  return {
    asymmetricMatch: (value) => typeof value === 'number' && Math.abs(value - seconds) <= 3,
  };
}

it('moves the times of an answer to now, tokens that would have run out included', async () => {
  const body = (now: number) =>
    JSON.stringify({
      created: now,
      expires_in: 600,
      expires_at: now + HOUR,
      id: '12345678901234567890',
    });
  const tape = await agedTape(
    (now) => [
      {
        url: '/token',
        answer: body(now),
        answerHeaders: [
          ...JSON_TYPE,
          'Date',
          new Date(now * 1_000).toUTCString(),
          'Set-Cookie',
          `a=1; Expires=${new Date((now + HOUR) * 1_000).toUTCString()}`,
          'X-RateLimit-Reset',
          String(now + 60),
          'Content-Length',
          String(body(now).length),
        ],
      },
    ],
    40 * 86_400_000,
  );
  const mock = await mockOf(tape, { shiftTime: true });
  const answer = await send(mock, '/token');
  const now = Date.now() / 1_000;
  expect(JSON.parse(answer.body.toString())).toEqual({
    created: near(now),
    expires_in: 600,
    expires_at: near(now + HOUR),
    id: '12345678901234567890',
  });
  expect(Date.parse(answer.headers.date ?? '') / 1_000).toEqual(near(now));
  const cookie = answer.headers['set-cookie']?.[0]?.split('Expires=')[1] ?? '';
  expect(Date.parse(cookie) / 1_000).toEqual(near(now + HOUR));
  expect(Number(answer.headers['x-ratelimit-reset'])).toEqual(near(now + 60));
});

it('tells a past moment the same way each time, and leaves all alone when it is not asked', async () => {
  const tape = await agedTape(
    (now) => [
      { url: '/a', answer: `{"created":${now}}`, answerHeaders: JSON_TYPE },
      { url: '/b', answer: `[{"created":${now}}]`, answerHeaders: JSON_TYPE },
    ],
    86_400_000,
  );
  const mock = await mockOf(tape, { shiftTime: true });
  const first = (await send(mock, '/a')).body.toString();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 90_000);
  const later = (await send(mock, '/b')).body.toString();
  clock.mockRestore();
  expect(later).toBe(`[${first}]`);
  const still = await mockOf(tape);
  const recorded = openTape(tape);
  const [exchange] = [...recorded.exchanges()];
  recorded.close();
  expect((await send(still, '/a')).body).toEqual(Buffer.from(exchange?.response?.body.bytes ?? []));
});

it('opens compressed content and closes it again', async () => {
  const tape = await agedTape(
    (now) => [
      {
        answer: gzipSync(`{"at":"${new Date(now * 1_000).toISOString()}","n":1.10}`),
        answerHeaders: [...JSON_TYPE, 'Content-Encoding', 'gzip', 'Content-MD5', 'x'],
      },
    ],
    86_400_000,
  );
  const mock = await mockOf(tape, { shiftTime: true });
  const { body, headers } = await send(mock, '/');
  const text = gunzipSync(body).toString();
  expect(Date.parse(/"at":"([^"]+)"/.exec(text)?.[1] ?? '') / 1_000).toEqual(
    near(Date.now() / 1_000),
  );
  expect(text).toContain('"n":1.10');
  expect(headers['content-md5']).toBeUndefined();
});
