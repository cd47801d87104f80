// Agents that must keep their own ways, and places to call from.

import { once } from 'node:events';
import * as http from 'node:http';
import { get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { isMainThread, Worker } from 'node:worker_threads';

const [, , api = '', socketPath = ''] = process.argv;

class OwnWay extends http.Agent {
  made = 0;

  override createConnection(options: http.ClientRequestArgs): ReturnType<typeof connect> {
    this.made += 1;
    return connect(Number(options.port), options.host ?? '');
  }
}

async function call(path: string, options: http.RequestOptions): Promise<string> {
  const [response] = await once(get(`${api}/${path}`, options), 'response');
  return await text(response);
}

const ownWay = new OwnWay();
const answers = isMainThread
  ? {
      plain: await call('plain', { agent: new http.Agent() }),
      ownWay: await call('own-way', { agent: ownWay }),
      made: ownWay.made,
      unixSocket: await text(
        (
          await once(http.get({ socketPath, path: '/unix', agent: new http.Agent() }), 'response')
        )[0],
      ),
      createConnection: await call('create-connection', {
        createConnection: (options) => connect(Number(options.port), options.host ?? ''),
      }),
      localAddress: await call('local-address', {
        agent: new http.Agent({ localAddress: '127.0.0.1' }),
      }),
      proxyEnv: await call('proxy-env', { agent: new http.Agent({ proxyEnv: {} }) }),
    }
  : { worker: await call('worker', { agent: new http.Agent() }) };

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: [api] });
  await once(worker, 'exit');
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
