import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { listen } from './listen.ts';
import { openMock } from './open-mock.ts';
import { PlainDoor } from './plain-door.ts';
import { ServedRelay } from './served-sink.ts';
import { SharedCounts } from './shared-counts.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';
import { playOfWorker } from './worker-play.ts';

/** A thread that answers calls beside the main one, on the same port. */
async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const relay = start.served ? new ServedRelay((calls) => post({ kind: 'served', calls })) : null;
  const mock = openMock(playOfWorker(start.play), relay);
  mock.share(new SharedCounts(start.counts));
  const door = new PlainDoor(mock);
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'taken') relay?.taken(message.count);
    else void end(message.graceMs);
  });
  async function end(graceMs: number | undefined): Promise<void> {
    await door.close(graceMs);
    relay?.flush();
    post({ kind: 'closed', state: mock.state() });
    port.close();
  }
  await listen(door.server, start.host, start.port, true);
  post({ kind: 'listening' });
}

const workerStart: WorkerStart = workerData;
if (parentPort !== null) {
  const port = parentPort;
  serve(port, workerStart).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: 'refused', message } satisfies FromWorker);
    port.close();
  });
}
