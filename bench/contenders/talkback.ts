// talkback as a mock: one file a call, none of its requests passed on.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [program = '', path = '', port = '0'] = process.argv.slice(2);
const talkback: (options: object) => { start(done: () => void): void } = createRequire(
  join(program, 'index.js'),
)('./index.js');

talkback({
  host: 'http://127.0.0.1:9',
  port: Number(port),
  path,
  record: 'DISABLED',
  fallbackMode: 'NOT_FOUND',
  allowHeaders: [],
  silent: true,
  summary: false,
}).start(() => process.stdout.write(`listening http://127.0.0.1:${port}\n`));
