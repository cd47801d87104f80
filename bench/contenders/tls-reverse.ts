// What a node reverse proxy that terminates TLS does for a call, and nothing else: the reference for
// encrypted calls. Its upstream is encrypted too, as it is for the recorder.
//   tls-reverse.ts UPSTREAM FOLDER-OF-CERTIFICATE-AND-KEY CA-FILE
import { readFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import { join } from 'node:path';

const [upstream = '', folder = '', caFile = ''] = process.argv.slice(2);
const { hostname, port } = new URL(upstream);
const agent = new Agent({ keepAlive: true, maxSockets: 256, ca: readFileSync(caFile) });
const [cert, key] = ['leaf.pem', 'leaf.key'].map((file) => readFileSync(join(folder, file)));

const server = createServer({ cert, key }, (asked, response) => {
  const { method, url, headers } = asked;
  const passed = request({ agent, hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  asked.pipe(passed);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening https://localhost:${address.port}\n`);
});
