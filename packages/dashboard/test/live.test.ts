import { newDraft, type Finding, openFindingWriter, type TapeWriter } from '@calltape/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallParts, finished, freshFile, record, tapeOf } from './tapes.ts';
import { User } from './user.ts';

let file: string;
let writer: TapeWriter;

beforeEach(async () => {
  file = await freshFile('live.tape');
  writer = await record(file);
  writer.listening('http://127.0.0.1:4880');
  await writer.flush();
});

afterEach(() => writer.close());

async function add(...calls: readonly CallParts[]): Promise<void> {
  for (const parts of calls) writer.finish(finished(parts));
  await writer.flush();
}

function findingAt(severity: string, at: number): Finding {
  return {
    method: 'GET',
    origin: 'https://api.test',
    template: '/v1/things',
    direction: 'response',
    status: 200,
    location: `/${at}`,
    kind: 'field-removed',
    severity,
    was: 'always present',
    is: 'absent',
    before: { count: 0, of: 20 },
    after: { count: 20, of: 20 },
    chance: 0.0001,
    phrase: '1 in 10 000 by chance',
    firstSeen: null,
    examples: [],
  };
}

describe('a tape that is being written', () => {
  test('is named with its recorder, and calls appear as they come', async () => {
    const user = new User({ file });
    expect(user.look()).toContain('● REC http://127.0.0.1:4880  live.tape  0 calls');
    expect(user.look()).toContain('Send some to http://127.0.0.1:4880');
    await add({});
    expect(user.wait().look()).toContain('live.tape  1 call ');
    await add({}, { url: 'https://other.test/' }, { status: 500 });
    expect(user.wait().look()).toContain('live.tape  4 calls');
    expect(user.look()).toContain('ENDPOINTS 2');
    expect(user.look()).toContain('✗ 1 failed  500 1');
    expect(user.look()).toContain('last call now');
  });

  test('says how much of what was found of its APIs may break clients', () => {
    const user = new User({ file });
    expect(user.look()).not.toContain('drift');
    const findings = openFindingWriter(file);
    findings.put(['breaking', 'breaking', 'warning', 'info'].map(findingAt));
    findings.close();
    expect(user.wait().look()).toContain(' drift  2 breaking  1 warning');
  });

  test('says of what kind its writers are when there are several', async () => {
    const mock = await record(file, 'mock');
    const second = await record(file);
    const user = new User({ file });
    expect(user.look()).toContain('● 2 REC  ▷ MOCK  live.tape');
    await Promise.all([mock.close(), second.close()]);
    expect(user.wait().look()).toContain('● REC http://127.0.0.1:4880  live.tape');
  });

  test('shows a call under way, and then how it ended', async () => {
    const user = new User({ file });
    const draft = newDraft('POST', 'https://api.test/v1/export');
    draft.startedAt = Date.now() - 12_400;
    writer.begin(draft);
    await expect.poll(() => user.wait().session.picture.health.all.inFlight).toBe(1);
    expect(user.lines(200, 50).join('\n')).toMatch(/1 {2}oldest 12\.\ds/);
    expect(user.look()).toContain('POST api.test/v1/export');
    expect(user.press('2').selected).toMatch(/… {5}POST .*\/v1\/export .* 12 \d{3}\+ .*▸/);
    expect(user.press('enter').look()).toMatch(/POST https:\/\/api\.test\/v1\/export .*pending/);
    writer.finish(Object.assign(draft, finished({ method: 'POST', url: draft.url, status: 503 })));
    await writer.flush();
    expect(user.wait().look()).toContain('✗ 503');
    expect(user.press('escape').selected).toMatch(/✗ 503 POST/);
    expect(user.session.picture.health.all.inFlight).toBe(0);
    expect(user.session.picture.total).toBe(1);
  });

  test('lets new calls come without moving the selected one', async () => {
    await add(...Array.from({ length: 30 }, (_, n) => ({ url: `https://api.test/?n=${n}` })));
    const user = new User({ file }).press('2', 'k', 'k');
    const before = user.selected;
    expect(before).toContain('n=27');
    await add(...Array.from({ length: 50 }, () => ({})));
    const after = user.wait().lines();
    expect(user.selected).toBe(before);
    expect(after[0]).toContain('80 calls');
    expect(user.press('F').selected).not.toBe(before);
  });

  test('takes in only what the filter lets through', async () => {
    const user = new User({ file }).press('2', '/').type('status:5xx').press('enter');
    await add({}, { status: 503, url: 'https://api.test/broken' }, {});
    expect(user.wait().look()).toContain('1 of 3 calls');
    expect(user.selected).toContain('/broken');
    const draft = newDraft('GET', 'https://api.test/late');
    draft.startedAt = Date.now() - 5000;
    writer.begin(draft);
    await add({ status: 500 });
    await expect.poll(() => user.wait().look()).toContain('2 of 5 calls');
    writer.finish(Object.assign(draft, finished({ url: draft.url, status: 502 })));
    await writer.flush();
    expect(user.wait().look()).toContain('3 of 5 calls');
  });

  test('stands still while paused, and counts what comes', async () => {
    await add({});
    const user = new User({ file }).press('p');
    await add({}, {}, {});
    const paused = user.wait().look();
    expect(paused).toMatch(/‖ PAUSED at \d\d:\d\d:\d\d · 3 new/);
    expect(paused).toContain('1 call ');
    const goesOn = user.press('p').look();
    expect(goesOn).not.toContain('PAUSED');
    expect(goesOn).toContain('4 calls');
  });

  test('turns into a finished one when the recorder stops', async () => {
    await add({ startedAt: Date.now() - 3_600_000 }, {});
    const user = new User({ file });
    expect(user.look()).toContain('last 5m');
    expect(user.session.picture.health.all.calls).toBe(1);
    await writer.close();
    expect(user.wait().look()).toContain('whole tape: 1h00m');
    expect(user.session.picture.health.all.calls).toBe(2);
  });

  test('nothing has to be drawn when nothing happened', async () => {
    await add({});
    const { session } = new User({ file });
    expect(session.tick(session.picture.atMs + 500)).toBe(false);
    expect(session.tick(session.picture.atMs + 1000)).toBe(true);
  });
});

describe('a finished tape', () => {
  const HOUR = 3_600_000;
  const old = Date.now() - 48 * HOUR;

  test('is shown whole, however old it is', async () => {
    const finishedTape = await tapeOf([{ startedAt: old }, { startedAt: old + HOUR, status: 500 }]);
    const user = new User({ file: finishedTape });
    expect(user.look()).toContain('whole tape: 1h00m');
    expect(user.look()).toContain('✗ 1 failed  500 1');
    expect(user.session.tick(Date.now() + 60_000)).toBe(false);
  });

  test('is cut to the window that was asked for where there are calls in it', async () => {
    const tape = await tapeOf([{ startedAt: old }, { startedAt: Date.now() - 1000 }]);
    const { session } = new User({ file: tape, sinceMs: 15 * 60_000 });
    expect(session.picture.span).toMatchObject({ kind: 'last', lengthMs: 900_000 });
    expect(session.picture.health.all.calls).toBe(1);
    expect(session.picture.total).toBe(2);
  });

  test('of several recordings shows the one that was asked for', async () => {
    await add({});
    const user = new User({ file, recording: 'another' });
    expect(user.session.picture.total).toBe(0);
    expect(new User({ file, recording: 'test' }).session.picture.total).toBe(1);
  });
});

describe('a long tape', () => {
  test('is read as far as the selection goes, and both ways', async () => {
    const long = await tapeOf(
      Array.from({ length: 3000 }, (_, n) => ({ url: `https://api.test/?n=${n}`, body: '' })),
    );
    const user = new User({ file: long }).press('2');
    expect(user.selected).toContain('n=2999');
    expect(user.press('g').selected).toContain('n=0 ');
    for (let page = 0; page < 60; page += 1) user.press('pagedown');
    expect(user.selected).toContain('n=1200');
    expect(user.press('G').selected).toContain('n=2999');
    for (let page = 0; page < 60; page += 1) user.press('pageup');
    expect(user.selected).toContain('n=1799');
  });
});
