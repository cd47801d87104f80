// mockttp as a mock: one rule a call. Its rules are handed over at once, as one by one takes minutes.
import { readFileSync } from 'node:fs';
import { getLocal, matchers, Method, requestSteps } from 'mockttp';
import type { BenchCall } from '../mocks/calls.ts';

const list: readonly BenchCall[] = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const server = getLocal({ recordTraffic: false });
await server.start();
await server.addRequestRules(
  ...list.map(({ method, path, answer }) => ({
    matchers: [
      new matchers.MethodMatcher(method === 'GET' ? Method.GET : Method.POST),
      new matchers.FlexiblePathMatcher(path),
    ],
    steps: [
      new requestSteps.FixedResponseStep(200, undefined, answer, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(answer)),
      }),
    ],
  })),
);
process.stdout.write(`listening http://127.0.0.1:${server.port}\n`);
