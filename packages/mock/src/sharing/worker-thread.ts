import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { listen } from '../listen.ts';
import { openMock } from '../open-mock.ts';
import { PlainDoor } from '../plain-door.ts';
import { ServedRelay } from '../served-sink.ts';
import { SharedCounts } from '../shared-counts.ts';
import { Line } from './line.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';
import { playOfWorker } from './worker-play.ts';

/** A thread that answers calls beside the main one, on the same port. */
async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const relay = start.served ? new ServedRelay((calls) => post({ kind: 'served', calls })) : null;
  const mock = openMock(playOfWorker(start.play), relay);
  mock.faults.restore(start.rules);
  const line = new Line(start.lines, (news) => mock.take(news));
  mock.share(new SharedCounts(start.counts), {
    tell: (news) => line.tell(news),
    hear: () => line.hear(),
    // The main thread alone is asked for figures.
    gather: async () => undefined,
    states: [],
  });
  const door = new PlainDoor(mock);
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'taken':
        relay?.taken(message.count);
        break;
      case 'tell':
        post({ kind: 'told', state: mock.state(message.since) });
        break;
      case 'close':
        void end(message.graceMs);
        break;
    }
  });
  async function end(graceMs: number | undefined): Promise<void> {
    await door.close(graceMs);
    relay?.flush();
    post({ kind: 'closed', state: mock.state() });
    line.close();
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
