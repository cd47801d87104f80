// A thread that answers calls beside the main one, on the same port.
import { listen } from './listen.ts';
import { PlainDoor } from './plain-door.ts';
import { serveWorker } from './sharing/serve-worker.ts';

serveWorker(async (mock, { host, port }) => {
  const door = new PlainDoor(mock);
  await listen(door.server, host, port, true);
  return door;
});
