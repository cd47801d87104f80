import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Planner } from '../src/planner.ts';
import { EndpointLatency } from '../src/endpoint-latency.ts';
import type { Call } from '../src/call.ts';
import { recordingsOf } from '../src/recordings-of.ts';
import type { Recording } from '../src/recording.ts';
import { SecretPlaces } from '../src/secret-places.ts';
import { UpstreamUrls } from '../src/upstream-urls.ts';
import { contentOf, headOf } from '../src/plan-parts.ts';
import type { Plan } from '../src/step.ts';
import { makeTape } from './tape.ts';
import type { Told } from './tape.ts';

const JSON_TYPE = ['Content-Type', 'application/json'];

interface Said {
  readonly method?: string;
  readonly target?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
}

function callTo(
  method: string,
  target: string,
  headers: readonly string[],
  body: Uint8Array,
): Call {
  return { method, target, headers, body, httpVersion: '1.1', proxiedOrigin: null, ownOrigin: '' };
}

interface Played {
  readonly planner: Planner;
  readonly ask: (index: number, said?: Said) => Plan;
}

async function asker(calls: readonly Told[]): Promise<Played['ask']> {
  return (await played(calls)).ask;
}

/** Asks for the n-th recording of a tape with calls that need not be the recorded ones. */
async function played(calls: readonly Told[]): Promise<Played> {
  const recordings: Recording[] = [...recordingsOf(await makeTape(calls))];
  const planner = new Planner({
    latency: new EndpointLatency({ kind: 'none' }, recordings),
    urls: new UpstreamUrls([], false),
    secrets: new SecretPlaces([]),
    timeShift: null,
  });
  const ask: Played['ask'] = (index, said = {}) => {
    const recording = recordings[index];
    if (recording === undefined) throw new Error(`no recording ${index}`);
    const { request } = recording.exchange;
    const { method = request.method, target = recording.target, body, headers } = said;
    const bytes = body === undefined ? request.body.bytes : Buffer.from(body);
    const call = callTo(method, target, headers ?? request.headers.flat(), bytes);
    return planner.planFor(recording, call);
  };
  return { planner, ask };
}

function text(plan: Plan): string {
  return Buffer.from(contentOf(plan)).toString();
}

function post(body: string, answer: string, more: Partial<Told> = {}): Told {
  return {
    method: 'POST',
    url: '/customers',
    headers: JSON_TYPE,
    body,
    answer,
    answerHeaders: [...JSON_TYPE, 'Content-Length', String(Buffer.byteLength(answer))],
    ...more,
  };
}

it('plays the recorded plan, the very same object, for the recorded request', async () => {
  const ask = await asker([post('{"name":"Ann"}', '{"id":"cus_1","name":"Ann"}')]);
  const plan = ask(0);
  expect(ask(0)).toBe(plan);
  expect(text(plan)).toBe('{"id":"cus_1","name":"Ann"}');
});

it('says again at the same name what came, numbers as they are written', async () => {
  const answer =
    '{ "id" : "cus_1", "n":12345678901234567890, "name":"Ann", "price":1.10, "ok":true, "note":"Ann" }';
  const ask = await asker([post('{"name":"Ann","price":1.10,"ok":true,"gone":1}', answer)]);
  const plan = ask(0, { body: '{"name":"Zo\u00eb \\"Z\\"","price":2.50,"ok":false}' });
  expect(text(plan)).toBe(
    '{ "id" : "cus_1", "n":12345678901234567890, "name":"Zo\u00eb \\"Z\\"", "price":2.50, "ok":false, "note":"Ann" }',
  );
  const head = headOf(plan);
  const length = head?.headers[head.headers.indexOf('Content-Length') + 1];
  expect(length).toBe(String(contentOf(plan).length));
});

it('does not take a short value at another name for an echo', async () => {
  const ask = await asker([post('{"count":1,"kind":"a"}', '{"page":1,"type":"a","count":1}')]);
  expect(text(ask(0, { body: '{"count":2,"kind":"b"}' }))).toBe('{"page":1,"type":"a","count":2}');
});

it('finds long values wherever they are', async () => {
  const told = post(
    '{"ref":"order-20261124-1"}',
    '{"reference":"order-20261124-1","text":"Paid order-20261124-1.","other":"order-20261124-17"}',
    { answerHeaders: [...JSON_TYPE, 'Location', '/by-ref/order-20261124-1'] },
  );
  const plan = (await asker([told]))(0, { body: '{"ref":"order-2"}' });
  expect(text(plan)).toBe(
    '{"reference":"order-2","text":"Paid order-2.","other":"order-20261124-17"}',
  );
  expect(headOf(plan)?.headers).toContain('/by-ref/order-2');
});

it('says again the id in a path, as text or number, and the way to it', async () => {
  const ask = await asker([
    {
      url: '/users/42?expand=a',
      answer: '{"id":42,"user_id":"42","age":42,"self":"/users/42","next":"/users/421"}',
      answerHeaders: JSON_TYPE,
    },
  ]);
  expect(text(ask(0, { target: '/users/7?expand=a' }))).toBe(
    '{"id":7,"user_id":"7","age":42,"self":"/users/7","next":"/users/421"}',
  );
  expect(text(ask(0, { target: '/users/x-1?expand=a' }))).toContain('"id":42,"user_id":"x-1"');
});

it('tells values of the same name apart by their places, or leaves them', async () => {
  const ask = await asker([
    post('{"items":[{"n":1},{"n":1}]}', '{"order":{"items":[{"n":1},{"n":1}]},"n":1}'),
  ]);
  expect(text(ask(0, { body: '{"items":[{"n":5},{"n":7}]}' }))).toBe(
    '{"order":{"items":[{"n":5},{"n":7}]},"n":1}',
  );
});

it('reads forms, and writes compressed answers and streams', async () => {
  const form = ['Content-Type', 'application/x-www-form-urlencoded'];
  const ask = await asker([
    post('amount=2000&metadata[order]=A', '', {
      headers: form,
      answer: gzipSync('{"amount":2000,"metadata":{"order":"A"}}'),
      answerHeaders: [...JSON_TYPE, 'Content-Encoding', 'gzip'],
    }),
    post('{"prompt":"Hello"}', 'data: {"prompt":"Hello"}\n\ndata: [DONE]\n\n', {
      answerHeaders: ['Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'],
      response: { chunks: [1, 26, 2, 14] },
    }),
  ]);
  const plan = ask(0, { body: 'amount=25&metadata[order]=B%20C' });
  expect(gunzipSync(contentOf(plan)).toString()).toBe('{"amount":25,"metadata":{"order":"B C"}}');
  const pieces = ask(1, { body: '{"prompt":"Good evening"}' }).filter(
    ({ kind }) => kind === 'chunk',
  );
  expect(pieces.map((step) => step.kind === 'chunk' && Buffer.from(step.bytes).toString())).toEqual(
    ['data: {"prompt":"Good evening"}\n\n', 'data: [DONE]\n\n'],
  );
});

function formInParts(boundary: string, name: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\n${name}\r\n--${boundary}--\r\n`;
}

function partsType(boundary: string): string[] {
  return ['Content-Type', `multipart/form-data; boundary=${boundary}`];
}

it('reads forms in parts, whatever their boundaries', async () => {
  const told = post(formInParts('one', 'Ada'), '{"name":"Ada"}', { headers: partsType('one') });
  const ask = await asker([told]);
  const plan = ask(0, { body: formInParts('two', 'Zoë'), headers: partsType('two') });
  expect(contentOf(plan).toString()).toBe('{"name":"Zoë"}');
});

it('says again request fields that the answer had whole', async () => {
  const ask = await asker([
    post('{}', '{}', {
      headers: [...JSON_TYPE, 'Idempotency-Key', 'key-000001', 'Origin', 'http://a.test'],
      answerHeaders: [
        'Idempotency-Key',
        'key-000001',
        'Access-Control-Allow-Origin',
        'http://a.test',
      ],
    }),
  ]);
  const headers = [...JSON_TYPE, 'idempotency-key', 'key-2', 'origin', 'http://b.test'];
  expect(headOf(ask(0, { headers }))?.headers.slice(0, 4)).toEqual([
    'Idempotency-Key',
    'key-2',
    'Access-Control-Allow-Origin',
    'http://b.test',
  ]);
});

it('lets no value break out of a header field', async () => {
  const ask = await asker([
    { url: '/go/aaaaaaa1', answerHeaders: ['Location', '/x?to=aaaaaaa1', 'Content-Length', '0'] },
  ]);
  const plan = ask(0, { target: '/go/b%0d%0aX-Evil:%201' });
  expect(headOf(plan)?.headers).toContain('/x?to=aaaaaaa1');
});

it('leaves secrets as their placeholders', async () => {
  const ask = await asker([post('{"password":"aaaaaaaa1111"}', '{"password":"aaaaaaaa1111"}')]);
  const plan = ask(0, { body: '{"password":"hunter2hunter2"}' });
  expect(text(plan)).toBe('{"password":"aaaaaaaa1111"}');
});

it('remembers what was made, for those who read it later', async () => {
  const made = '{"id":"cus_1","name":"Ann"}';
  const ask = await asker([
    post('{"name":"Ann"}', made),
    { url: '/customers/cus_1', answer: made, answerHeaders: JSON_TYPE },
    {
      url: '/customers',
      answer: `[${made},{"id":"cus_2","name":"Ann"}]`,
      answerHeaders: JSON_TYPE,
    },
  ]);
  expect(text(ask(1))).toBe(made);
  ask(0, { body: '{"name":"Bob"}' });
  expect(text(ask(1))).toBe('{"id":"cus_1","name":"Bob"}');
  expect(text(ask(2))).toBe('[{"id":"cus_1","name":"Bob"},{"id":"cus_2","name":"Ann"}]');
  ask(0, { body: '{"name":"Eve"}' });
  expect(text(ask(1))).toBe('{"id":"cus_1","name":"Eve"}');
});

it('finds what a client made under an id of its own by the id of the recording', async () => {
  const { planner, ask } = await played([
    { method: 'PUT', url: '/things/c-1', body: '{"ref":"order-00001"}', headers: JSON_TYPE },
    {
      url: '/things/c-1',
      answer: '{"id":"c-1","ref":"order-00001"}',
      answerHeaders: JSON_TYPE,
    },
  ]);
  const get = callTo('GET', '/things/c-9?ref=order-2', [], Buffer.alloc(0));
  expect(planner.asRecorded(get)).toBeUndefined();
  ask(0, { target: '/things/c-9', body: '{"ref":"order-2"}' });
  expect(planner.asRecorded(get)?.target).toBe('/things/c-1?ref=order-00001');
  expect(planner.asRecorded({ ...get, target: '/things/c-99' })).toBeUndefined();
  expect(text(ask(1, { target: '/things/c-9' }))).toBe('{"id":"c-9","ref":"order-2"}');
});
