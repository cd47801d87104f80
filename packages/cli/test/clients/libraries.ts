// The usual ways to call a URL from Node.js, one after the other, each with a path of its own.

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import got from 'got';
import { request } from 'undici';

type Get = (url: string) => Promise<string>;

async function byNode(url: string, options: https.RequestOptions): Promise<string> {
  const { get } = url.startsWith('https:') ? https : http;
  const [response] = await once(get(url, options), 'response');
  return await text(response);
}

/** As axios before 1.0 does it: it speaks to the proxy by itself, also where TLS would be wanted. */
async function toProxy(url: string): Promise<string> {
  const { hostname, port } = new URL(process.env['HTTPS_PROXY'] ?? '');
  const headers = { host: new URL(url).host };
  const [response] = await once(http.get({ hostname, port, path: url, headers }), 'response');
  return await text(response);
}

const keepAlive = new https.Agent({ keepAlive: true });

const ways: Readonly<Record<string, Get>> = {
  fetch: async (url) => await (await fetch(url)).text(),
  https: (url) => byNode(url, {}),
  'https-own-agent': (url) => byNode(url, { agent: keepAlive }),
  'https-own-agent-again': (url) => byNode(url, { agent: keepAlive }),
  'https-no-agent': (url) => byNode(url, { agent: false }),
  'https-timeout': (url) => byNode(url, { agent: keepAlive, timeout: 10_000 }),
  axios: async (url) => (await axios.get<string>(url)).data,
  'axios-no-proxy': async (url) => {
    const { data } = await axios.get<string>(url, { proxy: false, httpsAgent: keepAlive });
    return data;
  },
  'axios-0': toProxy,
  got: (url) => got(url).text(),
  undici: async (url) => (await request(url)).body.text(),
};

const answers = new Map<string, string>();
for (const [name, get] of Object.entries(ways)) {
  answers.set(
    name,
    await get(`${process.argv[2]}/${name}`).catch((error: unknown) => String(error)),
  );
}
keepAlive.destroy();
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
