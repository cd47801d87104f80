// The mock of files that other tools wrote, as a shell sees it.

import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';
import { call, tapeWith } from './tape-with-calls.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

const API = `openapi: 3.0.3
paths:
  /pets/{id}:
    get:
      responses:
        '200':
          description: a pet
          content:
            application/json:
              schema:
                type: object
                required: [id, name]
                properties: { id: { type: integer }, name: { type: string } }
  /odd:
    get: { responses: {} }
`;

async function folderWithAll(): Promise<string> {
  const cwd = await emptyFolder();
  await tapeWith(cwd, [call('/taped')]);
  await writeFile(join(cwd, 'api.yaml'), API);
  const nock = [{ scope: 'http://a:80', method: 'GET', path: '/nocked', response: 'nock' }];
  await writeFile(join(cwd, 'nock.json'), JSON.stringify(nock));
  await mkdir(join(cwd, 'wiremock/mappings'), { recursive: true });
  await mkdir(join(cwd, 'wiremock/__files'));
  const mappings = [
    { request: { url: '/stubbed' }, response: { bodyFileName: 'a.txt' } },
    { name: 'hashed', request: { customMatcher: {} }, response: {} },
  ];
  await writeFile(join(cwd, 'wiremock/mappings/all.json'), JSON.stringify({ mappings }));
  await writeFile(join(cwd, 'wiremock/__files/a.txt'), 'wiremock');
  return cwd;
}

test('several files at once, told by what is in them', async () => {
  const cwd = await folderWithAll();
  const har = join(FIXTURES, 'har/charles.har');
  const files = ['calls.tape', 'nock.json', 'wiremock', 'api.yaml', har];
  const mock = await serve(['mock', ...files, '--port', '0', '--seed', '7'], { cwd });
  const texts = [];
  for (const path of ['/taped', '/nocked', '/stubbed']) {
    texts.push(await (await fetch(mock.url + path)).text());
  }
  expect(texts).toEqual(['{"id":1,"name":"Ada"}', 'nock', 'wiremock']);
  const pet: unknown = await (await fetch(`${mock.url}/pets/7`)).json();
  expect(pet).toEqual({ id: expect.any(Number), name: expect.any(String) });
  const miss = await fetch(`${mock.url}/pets`);
  expect(await miss.text()).toContain('"name": "GET /pets/{id}"');
  const { stderr } = await mock.stop();
  expect(stderr).toContain('The mapping "hashed" of wiremock/mappings/all.json is left out: ');
  expect(stderr).toContain('The operation "GET /odd" of api.yaml is left out: ');
  expect(stderr).toMatch(
    /Playing \d+ recorded calls and 2 described calls of calls\.tape, nock\.json/,
  );
  expect(stderr).toContain('Answered 4 calls, missed 1');
});

test('the same seed gives the same pets', async () => {
  const cwd = await folderWithAll();
  const seen = [];
  for (let n = 0; n < 2; n += 1) {
    const mock = await serve(['mock', 'api.yaml', '--port', '0', '--seed', '7'], { cwd });
    seen.push(await (await fetch(`${mock.url}/pets/7`)).text());
    await mock.stop();
  }
  expect(seen[0]).toBe(seen[1]);
});

test.each([
  ['bad.har', '{"log": {"entries": [\n{"a": }]}}', 'it is no JSON from line 2, column 7 on'],
  ['bad.json', '[{"scope": "http://a:80"}]', '/0/method is missing'],
  ['bad.json', '{"request": {}, "response": {"status": "x"}}', '/response/status is the text "x"'],
  ['bad.yaml', 'openapi: 3.0.0\npaths: {a: [}\n', 'it is no YAML at line 2'],
  ['bad.json', '{"openapi": "3.0.0", "paths": {"a": {}}}', '/paths/a is no path. Begin it with /'],
  ['bad.json', '{"hello": 1}', 'it is none of what can be played'],
])('nothing starts with %s of %s', async (name, content, sentence) => {
  const cwd = await folderWithAll();
  await writeFile(join(cwd, name), content);
  const args = ['mock', 'calls.tape', name, '--port', '0', '--served', 'served.tape'];
  const { code, stdout, stderr } = await calltape(args, { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(name);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  await expect(access(join(cwd, 'served.tape'))).rejects.toThrow('ENOENT');
});
