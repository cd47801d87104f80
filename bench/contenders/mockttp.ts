// mockttp 4.6.5, a recorder in memory: every response is kept in an array, as a test would keep it.
import { getLocal } from 'mockttp';
import type { CompletedResponse } from 'mockttp';

const kept: CompletedResponse[] = [];
const server = getLocal({ recordTraffic: false });
await server.start();
await server.forAnyRequest().thenForwardTo(process.argv[2] ?? '');
await server.on('response', (response) => void kept.push(response));
process.stdout.write(`listening http://127.0.0.1:${server.port}\n`);
