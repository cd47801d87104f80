// The flags that say how upstreams are reached, from the command line to the wire.

import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CERTIFICATE,
  CLIENT_CERTIFICATE,
  CLIENT_KEY_ENCRYPTED,
  CLIENT_PKCS12,
  KEY,
} from '../../proxy/test/certificate.ts';
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

describe('--upstream-proxy and the environment', () => {
  test('upstreams are reached through the proxy that is named, and it is said which', async () => {
    const cwd = await emptyFolder();
    const asked: string[] = [];
    const proxy: Server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end('by proxy');
    });
    const at = (await listening(proxy)).replace('//', '//me:secret@');
    const flags = ['record', 'http://api.example', '--port', '0'];
    const byFlag = await serve([...flags, '--upstream-proxy', at], { cwd });
    expect(await (await fetch(`${byFlag.url}/flag`)).text()).toBe('by proxy');
    const { stderr } = await byFlag.stop();
    const shown = at.replace('me:secret@', '');
    expect(stderr).toContain(`Other machines are reached through ${shown} (--upstream-proxy).`);
    expect(stderr).not.toContain('secret@');
    const byVariable = await serve(flags, { cwd, env: { http_proxy: at } });
    expect(await (await fetch(`${byVariable.url}/variable`)).text()).toBe('by proxy');
    expect((await byVariable.stop()).stderr).toContain(`${shown} (http_proxy).`);
    expect(asked).toEqual(['http://api.example/flag', 'http://api.example/variable']);
  });

  test('none stands for a direct way', async () => {
    const cwd = await emptyFolder();
    const env = { ALL_PROXY: 'not a proxy' };
    const recorder = await serve(
      ['record', await answering('direct'), '--upstream-proxy', 'none', '--port', '0'],
      { cwd, env },
    );
    expect(await (await fetch(recorder.url)).text()).toBe('direct');
    expect((await recorder.stop()).stderr).not.toContain('reached through');
  });

  test.each([
    [{ HTTPS_PROXY: 'ftp://me:secret@p' }, 'HTTPS_PROXY is "ftp://p", which is not a proxy'],
    [{ http_proxy: 'http://localhost:4899' }, 'http_proxy names http://localhost:4899, which is'],
  ])('%j is refused, and no tape is made', async (env, sentence) => {
    const cwd = await emptyFolder();
    const words = ['record', 'http://api.example', '--port', '4899'];
    const { code, stderr } = await calltape(words, { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^calltape: [^\n]+\n$/);
    expect(stderr).not.toContain('secret');
    expect(await readdir(cwd)).toEqual([]);
  });
});

async function askingUpstream(): Promise<string> {
  const tls = { cert: CERTIFICATE, key: KEY, ca: CLIENT_CERTIFICATE, requestCert: true };
  const server = createSecureServer(tls, (_request, response) => response.end('ok'));
  return (await listening(server)).replace('http:', 'https:');
}

describe('TLS', () => {
  test('--client-cert shows a certificate, --insecure-host checks none', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'cert.pem'), CLIENT_CERTIFICATE);
    await writeFile(join(cwd, 'key.pem'), CLIENT_KEY_ENCRYPTED);
    await writeFile(join(cwd, 'both.p12'), CLIENT_PKCS12);
    const target = await askingUpstream();
    for (const files of ['cert.pem,key.pem', 'both.p12']) {
      const flags = ['--client-cert', `127.0.0.1=${files}`, '--insecure-host', '127.0.0.*'];
      const env = { CALLTAPE_CLIENT_CERT_PASSWORD: 'secret' };
      const recorder = await serve(['record', target, ...flags, '--port', '0'], { cwd, env });
      expect(await (await fetch(recorder.url)).text()).toBe('ok');
      expect((await recorder.stop()).stderr).toContain(
        'Warning: the certificates of 127.0.0.* are not checked',
      );
    }
  });

  test('what --client-cert cannot use is refused with what to do', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'cert.pem'), CLIENT_CERTIFICATE);
    await writeFile(join(cwd, 'other.pem'), KEY);
    await writeFile(join(cwd, 'both.p12'), CLIENT_PKCS12);
    const told = [
      ['cert.pem', '(no key in it)'],
      ['other.pem', '(no certificate in it)'],
      ['cert.pem,other.pem', 'key values mismatch'],
      ['both.p12', 'CALLTAPE_CLIENT_CERT_PASSWORD'],
      ['gone.pem', 'There is no file "gone.pem"'],
    ];
    for (const [files = '', sentence] of told) {
      const words = ['record', 'http://api.example', '--port', '0', '--client-cert', `a=${files}`];
      const { code, stderr } = await calltape(words, { cwd });
      expect(stderr).toContain(sentence);
      expect(stderr).toMatch(/^calltape: [^\n]+\n$/);
      expect(code).toBe(2);
    }
  });
});

test.each([
  [
    ['--upstream-proxy', 'ftp://p'],
    '--upstream-proxy cannot be "ftp://p": expected none, or a URL',
  ],
  [['--insecure-host', 'https://a'], '--insecure-host cannot be "https://a": expected a host such'],
  [['--client-cert', 'cert.pem'], '--client-cert cannot be "cert.pem": expected a host and its'],
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
