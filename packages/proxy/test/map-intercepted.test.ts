import { expect, test } from 'vitest';
import { run } from './program.ts';
import { intercept, secureUpstream } from './secure-upstream.ts';
import { answering } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

test('curl that calls a mapped host over TLS reaches a stand-in in the clear', async () => {
  const standIn = await answering(OK);
  const recorder = await intercept({ map: { 'api.stripe.com': `${standIn.url}/base` } });
  const { certificateFile } = recorder.authority;
  const url = 'https://api.stripe.com/v1/charges?limit=1';
  const words = ['-sS', '--cacert', certificateFile, '-x', recorder.proxy.url, url];
  expect(await run('curl', words)).toEqual({ code: 0, stdout: 'ok', stderr: '' });
  expect((await standIn.wire()).text).toMatch(
    /^GET \/base\/v1\/charges\?limit=1 HTTP\/1\.1\r\nHost: api\.stripe\.com\r\n/,
  );
  expect((await recorder.row()).request.url).toBe(url);
});

test('and one that speaks TLS, by the name in the mapped URL', async () => {
  const standIn = await secureUpstream(({ headers }, response) => response.end(headers.host));
  const recorder = await intercept({ map: { '*.example:443': standIn.url } });
  const { certificateFile } = recorder.authority;
  const url = 'https://api.example/';
  const words = ['-sS', '--cacert', certificateFile, '-x', recorder.proxy.url, url];
  expect((await run('curl', words)).stdout).toBe('api.example');
  expect((await recorder.row()).request.url).toBe(url);
});
