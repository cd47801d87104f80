// The plain upstream's answers over TLS:
//   secure-upstream.ts FOLDER-OF-CERTIFICATE-AND-KEY
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const folder = process.argv[2] ?? '';
const [cert, key] = ['leaf.pem', 'leaf.key'].map((file) => readFileSync(join(folder, file)));

const server = createServer({ cert, key }, (request, response) => {
  const size = Number((request.url ?? '').split('/')[1] ?? 0);
  const body = JSON.stringify({ id: 'x'.repeat(Math.max(0, size - 9)) });
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening https://localhost:${address.port}\n`);
});
