import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ask, closed, controlled } from './asking.ts';

const CALLS = [{ url: '/v1/a', answer: 'a' }];
const RULE = '{"rule": "* /** status=503"}';

async function post(body: string | Buffer, headers: Record<string, string | null> = {}) {
  const of = await controlled(CALLS);
  const said = await ask(of, { method: 'POST', path: '/faults', body, headers });
  return { ...said, rules: of.mock.faults.rules.length, health: await ask(of) };
}

describe('content that is refused', () => {
  test.each([
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['nothing', { 'content-type': null }],
    ['almost JSON', { 'content-type': 'application/jsonx' }],
    ['packed', { 'content-encoding': 'gzip' }],
  ])('as %s', async (_, headers) => {
    const said = await post(RULE, headers);
    expect(said).toMatchObject({ status: 415, code: 'CONTENT_TYPE_REFUSED', rules: 0 });
  });

  test.each([
    ['half of it', '{"rule": "* /** st'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['something packed', gzipSync(RULE)],
    ['a deep nest cut off', '['.repeat(60_000)],
  ])('as JSON: %s', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, code: 'JSON_INVALID', rules: 0 });
  });

  test.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"* /** reset"'],
    ['a deep nest', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['no rule', '{}'],
    ['a rule that is no text', '{"rule": {"method": "*"}}'],
    ['on that is no truth', '{"rule": "* /** reset", "on": 1}'],
    ['another member', '{"rule": "* /** reset", "off": true}'],
    ['__proto__', '{"rule": "* /** reset", "__proto__": {"on": true}}'],
    ['constructor', '{"rule": "* /** reset", "constructor": {"prototype": {"x": 1}}}'],
  ])('as a rule: %s', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, code: 'CONTENT_INVALID', rules: 0 });
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  test('as a rule that cannot be read, with the sentence of the command line', async () => {
    const said = await post('{"rule": "* /** status=banana"}');
    expect(said).toMatchObject({ status: 400, code: 'FAULT_INVALID', rules: 0 });
    expect(said.text).toContain('status=503');
    expect(said.text).not.toContain('.ts');
  });

  test('as too much, and the client gets to know', async () => {
    const said = await post(JSON.stringify({ rule: 'x'.repeat(3_000_000) }));
    expect(said).toMatchObject({ status: 413, code: 'CONTENT_TOO_LARGE', rules: 0 });
    expect(said.health).toMatchObject({ status: 200 });
  });

  test('as too much without end: the connection is given up', async () => {
    const of = await controlled(CALLS);
    const { host, port } = new URL(of.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(
      `POST /faults HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${of.token}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const more = setInterval(() => socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`), 5);
    await closed(socket);
    clearInterval(more);
    expect(await ask(of)).toMatchObject({ status: 200 });
  });
});

describe('paths and methods', () => {
  test.each([
    ['GET', '/', 404],
    ['GET', '/faults/', 404],
    ['GET', '/faults/ID', 404],
    ['DELETE', '/faults/1/2', 404],
    ['DELETE', '/faults/-1', 404],
    ['DELETE', '/faults/7', 404],
    ['GET', '/../health', 404],
    ['GET', '/__proto__', 404],
    ['GET', '/constructor', 404],
    ['GET', '/reset', 405],
    ['POST', '/health', 405],
    ['DELETE', '/faults', 405],
    ['GET', '/journal?since=-1', 400],
    ['GET', '/journal?limit=5000', 400],
    ['GET', '/journal?since=__proto__', 400],
    ['HEAD', '/health', 200],
  ])('%s %s is %i', async (method, path, status) => {
    expect(await ask(await controlled(CALLS), { method, path })).toMatchObject({ status });
  });
});
