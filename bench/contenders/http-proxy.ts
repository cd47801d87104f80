// The reference: bare http-proxy 1.18.1 with a keep-alive agent, recording nothing.
import { Agent, createServer } from 'node:http';
import { createRequire } from 'node:module';

interface HttpProxy {
  web(request: unknown, response: unknown): void;
  on(event: 'error', listener: () => void): void;
}

interface HttpProxyModule {
  createProxyServer(options: object): HttpProxy;
}

const httpProxy: HttpProxyModule = createRequire(import.meta.url)('http-proxy');
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = httpProxy.createProxyServer({ target: process.argv[2], agent });
proxy.on('error', () => undefined);
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
