// The least that a mock in Node can be: node:http, and a Map from method and path to the answer.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { BenchCall } from '../mocks/calls.ts';

const list: readonly BenchCall[] = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const answers = new Map(list.map(({ method, path, answer }) => [`${method} ${path}`, answer]));

const server = createServer((request, response) => {
  const answer = answers.get(`${request.method} ${request.url}`);
  const give = (): void => {
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    });
    response.end(answer);
  };
  if (request.method === 'GET') {
    give();
    return;
  }
  request.resume();
  request.on('end', give);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
