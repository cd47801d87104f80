import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { newDraft, openWriter } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, emptyFolder } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith } from './tape-with-calls.ts';

/** `calltape calls --follow ...`: its lines, one after another, and its end. */
function follow(folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [BIN, 'calls', '--follow', ...args], { cwd: folder });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    next: async (): Promise<string> => String((await lines.next()).value),
    stop: async (): Promise<unknown> => {
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      return code;
    },
  };
}

test('prints what is there, then each call as it ends, and ends with 0', async () => {
  const folder = await emptyFolder();
  await tapeWith(folder, [call('/old')]);
  const writer = await openWriter(
    join(folder, 'calls.tape'),
    { name: 'live', source: 'proxy' },
    { pendingAfterMs: 1 },
  );
  const slow = newDraft('GET', `${ORIGIN}/slow`);
  const { next, stop } = follow(folder);
  expect(await next()).toMatch(/^ +ID +STARTED/);
  expect(await next()).toMatch(/1 .* GET +200 .*\/old$/);
  writer.begin(slow);
  writer.finish(call('/failed', { response: answer(500, 'Oops', '') }));
  expect(await next()).toMatch(/ GET +500 .*\/failed$/);
  writer.finish(Object.assign(slow, call('/slow')));
  expect(await next()).toMatch(/ GET +200 .*\/slow$/);
  expect(await stop()).toBe(0);
  await writer.close();
});

test('takes filters, and gives JSON lines to programs', async () => {
  const folder = await emptyFolder();
  await tapeWith(folder, []);
  const { next, stop } = follow(folder, '--json', 'status:5xx');
  const writer = await openWriter(join(folder, 'calls.tape'), { name: 'live', source: 'proxy' });
  writer.finish(call('/fine'));
  writer.finish(call('/failed', { response: answer(500, 'Oops', '') }));
  expect(JSON.parse(await next())).toMatchObject({ status: 500, url: `${ORIGIN}/failed` });
  expect(await stop()).toBe(0);
  await writer.close();
});
