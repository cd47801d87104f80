// The flags that say how upstreams are reached, from the command line to the wire.

import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';

async function answering(body: string): Promise<string> {
  return await listening(createServer((_request, response) => response.end(body)));
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** What a client gets that sends its calls through a proxy. */
async function through(proxy: string, url: string): Promise<string> {
  const { hostname, port } = new URL(proxy);
  const headers = { host: new URL(url).host, connection: 'close' };
  const [response] = await once(get({ hostname, port, path: url, headers }), 'response');
  return await text(response);
}

describe('--map', () => {
  test("takes a host's calls elsewhere, and the tape keeps the URL asked for", async () => {
    const cwd = await emptyFolder();
    const standIn = await answering('stand-in');
    const flags = ['--map', `api.stripe.example=${standIn}`, '--port', '0'];
    const recorder = await serve(['record', ...flags], { cwd });
    expect(await through(recorder.url, 'http://api.stripe.example/v1/charges')).toBe('stand-in');
    expect((await recorder.stop()).code).toBe(0);
    const { stdout } = await calltape(['calls', '--json'], { cwd });
    expect(stdout).toContain('http://api.stripe.example/v1/charges');
  });
});

test('--rewrite-bodies moves the URLs in answers to the recorder', async () => {
  const cwd = await emptyFolder();
  const api: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ next: url }));
  });
  const url = await listening(api);
  const recorder = await serve(['record', url, '--rewrite-bodies', '--port', '0'], { cwd });
  expect(await (await fetch(recorder.url)).json()).toEqual({ next: recorder.url });
  expect((await recorder.stop()).code).toBe(0);
  const { stdout } = await calltape(['show', '1', '--raw'], { cwd });
  expect(stdout).toBe(JSON.stringify({ next: url }));
});

test.each([
  [['--rewrite-bodies'], '--rewrite-bodies goes with a TARGET or --route'],
  [['--map', 'x'], '--map cannot be "x": expected a host and a URL such as'],
  [['--map', 'https://a=http://b'], '--map cannot be "https://a=http://b": expected a host and'],
  [['--map', 'a=b.example'], '"b.example" has no scheme: did you mean https://b.example?'],
  [['--map', 'a=http://b', '--map', 'a=http://c'], '--map a is given twice'],
  [['http://a.example', '--map', 'a=http://b'], '--map a goes without a TARGET'],
])('record %j is refused with what to do', async (flags, sentence) => {
  const cwd = await emptyFolder();
  const { code, stdout, stderr } = await calltape(['record', '--port', '0', ...flags], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^calltape: [^\n]+\n$/);
});
