import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newDraft, openTape, openWriter, parseFilter, type Tape } from '@calltape/store';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
let tape: Tape;

interface Sent {
  readonly path: string;
  readonly request: string;
  readonly response: Uint8Array;
  readonly headers: readonly string[];
}

const CALLS: readonly Sent[] = [
  { path: '/plain', request: 'name=Ada', response: Buffer.from('{"id":1}'), headers: [] },
  {
    path: '/zipped',
    request: '',
    response: gzipSync('{"name":"Ada Lovelace"}'),
    headers: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'],
  },
  { path: '/binary', request: '', response: Buffer.from([0, 65, 100, 97, 255]), headers: [] },
  {
    path: '/latin',
    request: '',
    response: Buffer.from('Zoë', 'latin1'),
    headers: ['Content-Type', 'text/plain; charset=iso-8859-1'],
  },
  { path: '/none', request: '', response: new Uint8Array(0), headers: [] },
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  const file = join(folder, 'calls.tape');
  const writer = await openWriter(file, { name: 'one', source: 'proxy' });
  for (const { path, request, response, headers } of CALLS) {
    writer.finish({
      ...newDraft('POST', `https://a.example${path}`),
      outcome: 'complete',
      body: { pieces: [Buffer.from(request)], size: request.length, hash: null },
      response: {
        status: 200,
        statusText: 'OK',
        httpVersion: '1.1',
        headers,
        body: { pieces: [response], size: response.length, hash: null },
        trailers: [],
        interim: [],
        chunks: [],
      },
    });
  }
  await writer.close();
  tape = openTape(file);
});

afterAll(() => {
  tape.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['body:ada', ['/plain', '/zipped']],
  ['req.body:Ada', ['/plain']],
  ['res.body:"Ada Love"', ['/zipped']],
  ['res.body={"id":1}', ['/plain']],
  ['res.body:Zoë', ['/latin']],
  ['~b ada', ['/plain', '/zipped']],
  ['~bq ada', ['/plain']],
  ['~bs ada', ['/zipped']],
  ['-body:ada', ['/binary', '/latin', '/none']],
  ['body!=name=Ada path:/plain', []],
])('%s finds %j', (filter, paths) => {
  const rows = tape.calls({ filter: parseFilter(filter) });
  expect(rows.map(({ url }) => url.replace('https://a.example', ''))).toEqual(paths);
});
