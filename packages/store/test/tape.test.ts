import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDraft, openTape, openWriter } from '@calltape/store';
import type { CallDraft } from '@calltape/store';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  file = join(folder, 'calls.tape');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function answered(url: string, text: string): CallDraft {
  const draft = newDraft('GET', url);
  draft.headers = ['Host', 'api.example.com', 'X-Twice', '1', 'x-twice', '2'];
  draft.outcome = 'complete';
  draft.durationMs = 12.5;
  draft.ttfbMs = 10;
  draft.timings.wait = 9.5;
  draft.response = {
    status: 200,
    statusText: 'Fine',
    httpVersion: '1.1',
    headers: ['Content-Type', 'text/plain', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
    body: { pieces: [Buffer.from(text)], size: text.length, hash: null },
    trailers: ['X-Sum', 'abc'],
    interim: [{ status: 103, statusText: 'Early Hints', headers: ['Link', '</a>'], atMs: 1 }],
    chunks: [10, 3, 12, text.length - 3],
  };
  return draft;
}

test('a call comes back from the tape as it was handed over', async () => {
  const writer = await openWriter(file, { name: 'first', source: 'proxy' }, { redact: false });
  const draft = answered('https://api.example.com/v1/customers/cus_9s6XKzkNRiz8i3?a=1&b', 'hello');
  draft.body = { pieces: [Buffer.from('{"a"'), Buffer.from(':1}')], size: 7, hash: null };
  writer.begin(draft);
  writer.finish(draft);
  await writer.flush();
  const tape = openTape(file);
  const exchange = tape.exchange(1);
  expect(exchange).toMatchObject({
    recording: 'first',
    outcome: 'complete',
    endpoint: {
      method: 'GET',
      origin: 'https://api.example.com',
      template: '/v1/customers/{customer}',
    },
    request: {
      url: draft.url,
      headers: [
        ['Host', 'api.example.com'],
        ['X-Twice', '1'],
        ['x-twice', '2'],
      ],
    },
    response: {
      statusText: 'Fine',
      trailers: [['X-Sum', 'abc']],
      interim: [{ status: 103, statusText: 'Early Hints', headers: [['Link', '</a>']], atMs: 1 }],
      chunks: [
        { atMs: 10, size: 3 },
        { atMs: 12, size: 2 },
      ],
    },
    timings: { wait: 9.5, dns: null },
  });
  expect(Buffer.from(exchange?.request.body.bytes ?? []).toString()).toBe('{"a":1}');
  expect(Buffer.from(exchange?.response?.body.bytes ?? []).toString()).toBe('hello');
  tape.close();
  await writer.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
