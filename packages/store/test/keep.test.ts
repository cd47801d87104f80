import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { newDraft, openTape, openWriter, parseFilter } from '@calltape/store';
import type { CallDraft, KeepFilters } from '@calltape/store';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

function tapeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-keep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'calls.tape');
}

function ended(method: string, url: string, status: number | null, ms: number): CallDraft {
  const body = Buffer.from('{}');
  return {
    ...newDraft(method, url),
    headers: ['Accept', '*/*', 'Authorization', 'Bearer abcdefghijklmnop', 'X-Team', method],
    outcome: status === null ? 'error' : 'complete',
    errorType: status === null ? 'UPSTREAM_REFUSED' : null,
    durationMs: ms,
    ttfbMs: ms / 2,
    response:
      status === null
        ? null
        : {
            status,
            statusText: '',
            httpVersion: '1.1',
            headers: ['Content-Type', status > 499 ? 'text/html' : 'application/json'],
            body: { pieces: [body], size: 2, hash: null },
            trailers: [],
            interim: [],
            chunks: [],
          },
  };
}

const calls = (): CallDraft[] => [
  ended('GET', 'https://a.example/v1/things?page=2', 200, 5),
  ended('POST', 'https://a.example/v1/things', 503, 900),
  ended('GET', 'https://b.example/health', 204, 1),
  ended('DELETE', 'https://b.example/v1/things/12345', null, 40),
  ended('GET', 'https://a.example/health?access_token=secret-thing', 200, 2),
];

async function record(file: string, drafts: CallDraft[], keep?: KeepFilters): Promise<number> {
  const writer = await openWriter(
    file,
    { name: 'one', source: 'proxy' },
    keep ? { filters: keep } : {},
  );
  for (const draft of drafts) writer.finish(draft);
  await writer.close();
  return writer.stats.unkeptCalls;
}

function urls(file: string, filter?: string): string[] {
  const tape = openTape(file);
  try {
    const rows = tape.calls(filter === undefined ? {} : { filter: parseFilter(filter) });
    return rows.map(({ method, url }) => `${method} ${url}`);
  } finally {
    tape.close();
  }
}

const FILTERS = [
  'host:a.example',
  'path=/health',
  'method:GET',
  '"page=2" or health',
  'status:5xx',
  'status:2xx..4xx -path:/health',
  'ms>300',
  'ttfb<10',
  'bytes>0',
  'type:json',
  'header.x-team:post',
  'req.header.x-team',
  'res.header.x-team',
  'error',
  'error:REFUSED',
  'outcome:complete',
  'ep:{thing}',
  'kind:live',
  'recording:one',
  'not (host:a and method:GET) and -~e',
  '"access_token=secret"',
];

describe('which calls are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-keep-'));
  const all = join(folder, 'all.tape');

  beforeAll(async () => {
    await record(all, calls());
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test.each(FILTERS)('--only %s keeps what a reader finds with it', async (filter) => {
    const some = tapeFile();
    const unkept = await record(some, calls(), { only: [filter], skip: [] });
    expect(urls(some)).toEqual(urls(all, filter));
    expect(unkept).toBe(calls().length - urls(some).length);
  });

  test.each(FILTERS)('--skip %s keeps the others', async (filter) => {
    const some = tapeFile();
    await record(some, calls(), { only: [], skip: [filter] });
    expect(urls(some)).toEqual(urls(all, `not (${filter})`));
  });

  test('several are alternatives, and --skip comes after --only', async () => {
    const file = tapeFile();
    const keep = { only: ['method:POST', 'host:a.example'], skip: ['path:/health', 'page'] };
    expect(await record(file, calls(), keep)).toBe(4);
    expect(urls(file)).toEqual(['POST https://a.example/v1/things']);
  });

  test('no body of a call that is not kept reaches the tape', async () => {
    const file = tapeFile();
    await record(file, calls(), { only: ['status:418'], skip: [] });
    const tape = openTape(file);
    onTestFinished(() => tape.close());
    expect([tape.count(), tape.endpoints()]).toEqual([0, []]);
  });
});

/** What a reader sees of a slow call while it lasts, and once it has ended with the status. */
async function seen(keep: KeepFilters, status: number): Promise<[string[], string[]]> {
  const file = tapeFile();
  const start = { name: 'one', source: 'proxy' } as const;
  const writer = await openWriter(file, start, { filters: keep, pendingAfterMs: 0 });
  const tape = openTape(file);
  onTestFinished(() => tape.close());
  const outcomes = (path: string): string[] =>
    tape.calls({ filter: parseFilter(`path=${path}`) }).map(({ outcome }) => outcome);
  const [slow, sure] = ['slow', 'sure'].map((path) => newDraft('GET', `https://a.test/${path}`));
  if (slow === undefined || sure === undefined) throw new Error('two calls');
  writer.begin(slow);
  writer.begin(sure);
  // Both are told of in that order, so what shows of the second tells that the first was judged.
  while (outcomes('/sure').length === 0) await turn();
  const during = outcomes('/slow');
  writer.finish(Object.assign(slow, { ...ended('GET', slow.url, status, 1000) }));
  await writer.flush();
  const after = outcomes('/slow');
  await writer.close();
  return [during, after];
}

describe('a call under way', () => {
  test.each([
    [{ only: ['host:a'], skip: ['path:/health'] }],
    [{ only: ['host:a or status:5xx'], skip: [] }],
    [{ only: [], skip: ['status:5xx path:/fast'] }],
    [{ only: ['not (status:5xx path:/fast)'], skip: [] }],
  ])('shows while it lasts when its start decides: %j', async (keep) => {
    expect(await seen(keep, 200)).toEqual([['pending'], ['complete']]);
  });

  test.each([
    [{ only: ['path:/sure', 'status:5xx'], skip: [] }, 503, ['complete']],
    [{ only: [], skip: ['status:5xx -path:/sure'] }, 503, []],
    [{ only: [], skip: ['not (status:5xx or path:/sure)'] }, 200, []],
    [{ only: ['host:a'], skip: ['ms>500 path:/slow'] }, 200, []],
  ])('shows only at its end when that decides: %j', async (keep, status, after) => {
    expect(await seen(keep, status)).toEqual([[], after]);
  });
});

describe('a filter that cannot decide', () => {
  test.each([
    ['status:5xxx', 'at character 8'],
    ['res.body:x', 'at character 1: ids and bodies'],
    ['host:a id>5', 'at character 8: ids and bodies can be asked of a tape'],
  ])('%s is refused, and no tape is made', async (filter, place) => {
    const file = tapeFile();
    const keep = { only: [], skip: [filter] };
    await expect(
      openWriter(file, { name: 'one', source: 'proxy' }, { filters: keep }),
    ).rejects.toThrow(place);
    expect(existsSync(file)).toBe(false);
  });
});
