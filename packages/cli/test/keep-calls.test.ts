// record --only and --skip: what passes is what passed before, and only what fits is kept.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';

/** An API that answers with the status in the path, or 200. */
async function api(): Promise<string> {
  const server = createServer((request, response) => {
    const [, status = '200'] = /^\/(\d{3})/.exec(request.url ?? '') ?? [];
    response.writeHead(Number(status)).end(`answer to ${request.url}`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

test.each([
  {
    flags: ['--skip', 'path:/health'],
    kept: ['/a', '/500/b'],
    summary:
      'Recorded 2 calls on calls.tape: 1 error, 0 lost; 1 call passed unkept by --only/--skip.',
  },
  {
    flags: ['--only', 'status:5xx', '--only', 'path=/a', '--skip', 'path:/b'],
    kept: ['/a'],
    summary:
      'Recorded 1 call on calls.tape: 0 errors, 0 lost; 2 calls passed unkept by --only/--skip.',
  },
  {
    flags: ['--only', 'method:GET'],
    kept: ['/a', '/500/b', '/health'],
    summary: 'Recorded 3 calls on calls.tape: 1 error, 0 lost.',
  },
])('record $flags keeps $kept', async ({ flags, kept, summary }) => {
  const folder = await emptyFolder();
  const origin = await api();
  const recorder = await serve(['record', origin, '--port', '0', ...flags], { cwd: folder });
  for (const path of ['/a', '/500/b', '/health']) {
    const response = await fetch(recorder.url + path);
    expect(await response.text()).toBe(`answer to ${path}`);
  }
  const { code, stderr } = await recorder.stop();
  expect(code).toBe(0);
  expect(stderr.split('\n')).toContain(summary);
  const { stdout } = await calltape(['calls', '--json'], { cwd: folder });
  const urls = stdout.trimEnd().split('\n');
  expect(urls.map((line) => JSON.parse(line).url.slice(origin.length))).toEqual(kept);
});
