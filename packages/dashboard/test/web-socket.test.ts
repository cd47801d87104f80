import type { DraftMessage } from '@calltape/store';
import { expect, test } from 'vitest';
import { finished, freshFile, record } from './tapes.ts';
import { User } from './user.ts';

const EVIL = '\u001b[2J\u202e{"tick":1}';

function message(parts: Partial<DraftMessage>, payload: string): DraftMessage {
  const bytes = Buffer.from(payload, 'latin1');
  return {
    direction: 'received',
    kind: 'text',
    atMs: 1500,
    size: bytes.length,
    wireSize: bytes.length,
    pieces: [bytes],
    deflated: false,
    inflate: false,
    dropped: 0,
    limit: 1000,
    budget: 10_000,
    problem: null,
    ...parts,
  };
}

test('a WebSocket shows how much went over it and its last messages, harmless', async () => {
  const file = await freshFile();
  const writer = await record(file, 'proxy');
  const draft = finished({ url: 'https://chat.test/socket', status: 101, body: '' });
  writer.show(draft);
  writer.message(draft, message({ direction: 'sent', atMs: 12 }, '{"subscribe":"ticks"}'));
  writer.message(draft, message({ pieces: [Buffer.from(EVIL)] }, ''));
  writer.message(draft, message({ kind: 'binary', problem: 'a reserved bit is set' }, '\xff\x00'));
  writer.message(draft, message({ dropped: 1, pieces: [] }, ''));
  writer.message(draft, message({ kind: 'close' }, '\x03\xe8bye'));
  writer.finish(draft);
  await writer.close();
  const text = new User({ file }).press('2', 'enter').lines(100, 40).join('\n');
  expect(text).toMatch(/MESSAGES {2}1 sent {2}4 received {2}1 not kept/);
  expect(text).toMatch(/12 {2}sent {6}text +21 {2}\{"subscribe":"ticks"\}/);
  expect(text).toMatch(/1\.5s {2}received {2}text .*␛\[2J‹202E›\{"tick":1\}/);
  expect(text).toMatch(/binary +2 {2}ff00 {2}\(a reserved bit is set\)/);
  expect(text).toMatch(/close +5 {2}1000 bye/);
});
