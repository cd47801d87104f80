import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

const LISTENER = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;
/** Linux queues one connection more than the backlog says. */
const QUEUED = 2;

/**
 * A port on which somebody listens who accepts nothing, its queue full: what is sent to open another
 * connection is dropped, as by a firewall. On Linux.
 */
export async function fullBacklog(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', LISTENER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  for (let queued = 0; queued < QUEUED; queued += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
  }
  return Number(port);
}
