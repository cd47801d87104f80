import { once } from 'node:events';
import { controlClient } from '@calltape/mock';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { mockOf } from '../mock.ts';
import { socketTape } from '../web-socket/tape.ts';

test('the journal has WebSockets: open ones while they last, then how they ended', async () => {
  const tape = await socketTape([{ url: '/ws', lines: [{ from: 'server', data: 'hello' }] }]);
  const mock = await mockOf(tape, { control: { port: 0 } });
  const client = controlClient(mock.control?.url ?? '', mock.control?.token ?? '');
  const socket = new WebSocket(`${mock.url.replace('http', 'ws')}/ws`);
  await once(socket, 'message');
  expect((await client.journal()).open).toMatchObject([{ status: 101, result: 'hit' }]);
  socket.close();
  await vi.waitFor(async () => {
    const { entries, open } = await client.journal();
    expect([open.length, entries.length]).toEqual([0, 1]);
    expect(entries[0]).toMatchObject({ id: 1, status: 101, outcome: 'complete' });
  });
  expect(await client.metrics()).not.toContain('calltape_mock_call_duration_seconds_count');
});
