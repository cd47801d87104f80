// A plain server that answers every request with a body of the size named in the path: /2000/anything.
import { createServer } from 'node:http';

const bodies = new Map<string, Buffer>();

function bodyOf(size: string): Buffer {
  const known = bodies.get(size);
  if (known !== undefined) return known;
  const text = JSON.stringify({ id: 'x'.repeat(Math.max(0, Number(size) - 9)) });
  const body = Buffer.from(text);
  bodies.set(size, body);
  return body;
}

const server = createServer((request, response) => {
  const body = bodyOf((request.url ?? '').split('/')[1] ?? '0');
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
