// Faults on calls that the real API answers: what the client gets, and what is kept of it.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openMock, parseFault, type OpenMock } from '@calltape/mock';
import { openAuthority, openDoors } from '@calltape/proxy';
import { openTape, openWriter } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { emptyFolder } from './run-cli.ts';
import { standIn } from './stand-in.ts';

const CONTENT = JSON.stringify({ id: 'ch_1', amount: 1250, status: 'paid' });

/** Path, content and fault of a call. */
type Kept = readonly [path: string, content: string, fault: string | null];

interface Behind {
  readonly mock: OpenMock;
  readonly url: string;
  readonly ca: string;
  /** Answers of the API to `/live` that have begun and not ended. */
  readonly live: ServerResponse[];
  /** Resolves when one has begun. */
  readonly begun: Promise<void>;
  /** Ends it; then what is on a tape. */
  readonly kept: (tape: 'recorded' | 'served') => Promise<Kept[]>;
}

function onTape(file: string): Kept[] {
  const tape = openTape(file);
  try {
    return tape.calls().map(({ id }) => {
      const call = tape.exchange(id);
      const content = Buffer.from(call?.response?.body.bytes ?? []).toString();
      return [new URL(call?.request.url ?? '').pathname, content, call?.fault ?? null] as const;
    });
  } finally {
    tape.close();
  }
}

/** A mock with nothing to play, the API behind it, and a tape of each side. */
async function behind(...rules: readonly string[]): Promise<Behind> {
  const live: ServerResponse[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const api = await standIn((request, response) => {
    if (request.url === '/live') {
      live.push(response);
      response.write('one');
      begin();
      return;
    }
    const fields = { 'content-type': 'application/json', 'content-length': CONTENT.length };
    response.writeHead(request.url === '/teapot' ? 418 : 200, fields).end(CONTENT);
  });
  const folder = await emptyFolder();
  const file = (name: string): string => join(folder, `${name}.tape`);
  const recorded = await openWriter(file('recorded'), { name: 'api', source: 'proxy' });
  const served = await openWriter(file('served'), { name: 'mock', source: 'mock' });
  const faults = rules.map((rule) => parseFault(rule));
  const mock = openMock({ tapes: [], mayBeEmpty: true, faults, seed: 7, served, journal: 100 });
  const authority = await openAuthority(folder);
  const doors = await openDoors({
    host: '127.0.0.1',
    port: 0,
    authority,
    secure: false,
    onHandshakeFailure: () => undefined,
    answer: (visit) => mock.visit(visit),
    passingOn: { upstream: api, writer: recorded },
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await mock.finish({ close: () => doors.close(), cut: () => doors.cut() });
    await recorded.close();
    await served.close();
  };
  onTestFinished(() => (closing ??= close()));
  const kept = async (tape: 'recorded' | 'served'): Promise<Kept[]> => {
    await (closing ??= close());
    return onTape(file(tape));
  };
  return { mock, url: doors.url, ca: authority.certificatePem, live, begun, kept };
}

function codeOf(cause: Error): string {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

async function seen(url: string): Promise<string> {
  let got = '';
  try {
    const response = await fetch(url);
    got = `${response.status}`;
    return `${got} ${await response.text()}`;
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    const code = cause instanceof Error ? codeOf(cause) : String(error);
    return `${got} ${code}`.trim();
  }
}

const ALTERED: readonly (readonly [path: string, fault: string, seen: string])[] = [
  ['/dropped', 'drop-field=/amount', '200 {"id":"ch_1","status":"paid"}'],
  ['/cut', 'truncate=50%', '200 UND_ERR_SOCKET'],
  ['/reset', 'reset at=bytes:9', '200 ECONNRESET'],
  ['/malformed', 'malformed', '200 HTTPParserError'],
  ['/slow', 'bandwidth=1mb/s', `200 ${CONTENT}`],
  ['/lost', 'lose-reply', 'ECONNRESET'],
];

test('faults alter the answer of the API, and the tape has the true one', async () => {
  const rules = ALTERED.map(([path, fault]) => `GET ${path} ${fault}`);
  const { mock, url, kept } = await behind(...rules, 'GET /teapot drop-field=/none');
  const all = await Promise.all(ALTERED.map(async ([path]) => [path, await seen(url + path)]));
  expect(all).toEqual(ALTERED.map(([path, , expected]) => [path, expected]));
  expect(await seen(`${url}/teapot`)).toBe(`418 ${CONTENT}`);
  expect(await seen(`${url}/plain`)).toBe(`200 ${CONTENT}`);
  const paths = [...ALTERED.map(([path]) => path), '/plain', '/teapot'];
  expect(new Set(await kept('recorded'))).toEqual(
    new Set(paths.map((path) => [path, CONTENT, null])),
  );
  const byPath = new Map((await kept('served')).map(([path, , fault]) => [path, fault]));
  expect(byPath).toEqual(new Map(ALTERED.map(([path, fault]) => [path, `GET ${path} ${fault}`])));
  expect(mock.summary()).toMatchObject({ passed: 8, faulted: 6 });
  expect(mock.faults.rules.map(({ fired }) => fired)).toEqual([1, 1, 1, 1, 1, 1, 0]);
});

test('a fault that needs no more than the beginning strikes while the answer comes', async () => {
  const { mock, url, live, kept } = await behind('GET /live close at=bytes:5 times=1');
  const response = await fetch(`${url}/live`);
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one');
  live[0]?.write('two');
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('tw');
  await expect(reader?.read()).rejects.toThrow('terminated');
  live[0]?.end('three');
  // The client is gone, and the API is heard out for the tape.
  expect(await kept('recorded')).toEqual([['/live', 'onetwothree', null]]);
  expect(mock.faults.rules).toMatchObject([{ seen: 1, fired: 1 }]);
});

test('a client that leaves by itself takes the call along', async () => {
  const { mock, url, live, begun } = await behind('GET /live drop-field=/a');
  const left = new AbortController();
  const asked = fetch(`${url}/live`, { signal: left.signal });
  await begun;
  const gone = once(live[0] ?? expect.fail('nothing came'), 'close');
  left.abort();
  await expect(asked).rejects.toThrow('aborted');
  await gone;
  expect(mock.faults.rules).toMatchObject([{ seen: 1, fired: 0 }]);
});

test('the journal has status and outcome of calls that pass, and the rules that altered some', async () => {
  const rule = 'GET /cut truncate=10';
  const { mock, url, ca, kept } = await behind(rule);
  await seen(`${url}/teapot`);
  const client = connect(url.replace('http:', 'https:'), { ca });
  const stream = client.request({ ':path': '/cut' });
  await expect(text(stream)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' });
  client.close();
  await kept('served');
  const { entries = [] } = mock.journal?.page(null, 10) ?? {};
  const common = { result: 'passed', recording: null };
  expect(entries).toMatchObject([
    { ...common, status: 418, outcome: 'complete', faults: [] },
    { ...common, status: 200, outcome: 'truncated', faults: [rule] },
  ]);
  expect(mock.journal?.answers.samples()).toEqual([
    {
      labels: [
        ['result', 'passed'],
        ['status', '4xx'],
      ],
      value: 1,
    },
    {
      labels: [
        ['result', 'passed'],
        ['status', '2xx'],
      ],
      value: 1,
    },
  ]);
});
