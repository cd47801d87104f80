import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { openMock } from '../open-mock.ts';
import type { OpenMock } from '../open-mock.ts';
import { ServedRelay } from '../served-sink.ts';
import { SharedCounts } from '../shared-counts.ts';
import { Line } from './line.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';
import { playOfWorker } from './worker-play.ts';

/** Where calls come in for a thread. */
export interface ThreadDoor {
  /** Accepts no more connections and lets calls end; see `OpenMock.finish`. */
  close(graceMs: number | undefined): Promise<void>;
}

/**
 * Opens a thread's door on the port that the others listen on.
 *
 * @param say - Tells the main thread something that whoever started the workers understands.
 */
export type OpenThreadDoor = (
  mock: OpenMock,
  start: WorkerStart,
  say: (word: unknown) => void,
) => Promise<ThreadDoor>;

/** The mock of a thread, in step with those of the others. */
function mockOf(start: WorkerStart, relay: ServedRelay | null): { mock: OpenMock; line: Line } {
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
  return { mock, line };
}

async function serve(port: MessagePort, start: WorkerStart, open: OpenThreadDoor): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const relay = start.served ? new ServedRelay((parts) => post({ kind: 'served', parts })) : null;
  const { mock, line } = mockOf(start, relay);
  const door = await open(mock, start, (word) => post({ kind: 'word', word }));
  const end = async (graceMs: number | undefined): Promise<void> => {
    await door.close(graceMs);
    relay?.flush();
    post({ kind: 'closed', state: mock.state() });
    line.close();
    port.close();
  };
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
  post({ kind: 'listening' });
}

/** What the file of a thread that answers calls beside the main one does. */
export function serveWorker(open: OpenThreadDoor): void {
  const start: WorkerStart = workerData;
  if (parentPort === null) return;
  const port = parentPort;
  serve(port, start, open).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: 'refused', message } satisfies FromWorker);
    port.close();
  });
}
