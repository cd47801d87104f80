// What a node reverse proxy that terminates TLS does for a call, and nothing else: the reference for
// encrypted calls, in HTTP/1.1 and HTTP/2. Its upstream is encrypted too, as it is for the recorder.
//   tls-reverse.ts UPSTREAM FOLDER-OF-CERTIFICATE-AND-KEY CA-FILE
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

const [upstream = '', folder = '', caFile = ''] = process.argv.slice(2);
const { hostname, port } = new URL(upstream);
const agent = new Agent({ keepAlive: true, maxSockets: 256, ca: readFileSync(caFile) });
const [cert, key] = ['leaf.pem', 'leaf.key'].map((file) => readFileSync(join(folder, file)));

/** What HTTP/2 does not know of: its own pseudo-fields going out, connections coming in. */
function fieldsOf(fields: object): Record<string, string | string[]> {
  const kept = Object.entries(fields).filter(
    ([name]) => !name.startsWith(':') && name !== 'connection' && name !== 'keep-alive',
  );
  return Object.fromEntries(kept);
}

const server = createSecureServer({ cert, key, allowHTTP1: true }, (asked, response) => {
  const { method, url, headers } = asked;
  const options = { agent, hostname, port, method, path: url, headers: fieldsOf(headers) };
  const passed = request(options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, fieldsOf(answer.headers));
    answer.pipe(response);
  });
  passed.on('error', () => response.stream?.destroy());
  asked.pipe(passed);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening https://localhost:${address.port}\n`);
});
