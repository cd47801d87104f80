import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial } from './wire.ts';

/** The request line that went upstream and the URL on the tape, for one request line. */
async function passed(line: string, basePath = ''): Promise<{ line: string; url: string }> {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await record(upstream.url + basePath);
  const client = await dial(recorder.port);
  await client.send(`${line} HTTP/1.1\r\nHost: somewhere\r\n\r\n`).until(/ok$/);
  const sent = (await upstream.wire()).text.split(' HTTP/1.1\r\n')[0] ?? '';
  const { request } = await recorder.row();
  return { line: sent, url: request.url.replace(upstream.url, 'U') };
}

test.each([
  '/',
  '//double//slashes/',
  '/a/../b/./c',
  '/%2F%zz%C3%a9?q=%20+&r',
  '/quote"and{braces}|pipe\\back^caret`',
  '/?',
  '/a?b?c=/d//e',
])('the target %s is passed on and recorded as it is', async (target) => {
  const { line, url } = await passed(`GET ${target}`);
  expect(line).toBe(`GET ${target}`);
  expect(url).toBe(`U${target}`);
});

test('a base path stands in front of every target', async () => {
  expect(await passed('GET //x?y', '/v1/')).toEqual({ line: 'GET /v1//x?y', url: 'U/v1//x?y' });
});

test.each([
  ['http://somewhere/p//q?r', '/p//q?r'],
  ['http://somewhere', '/'],
  ['http://somewhere?q', '/?q'],
])('the absolute-form target %s loses its authority', async (target, sent) => {
  const { line, url } = await passed(`GET ${target}`);
  expect(line).toBe(`GET ${sent}`);
  expect(url).toBe(`U${sent}`);
});

test('OPTIONS * asks about the upstream itself', async () => {
  expect(await passed('OPTIONS *')).toEqual({ line: 'OPTIONS *', url: 'U' });
});
