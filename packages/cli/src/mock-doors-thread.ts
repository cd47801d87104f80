// A thread that answers the calls of a mock beside the main one, through the same doors on the same port.
import { serveWorker } from '@calltape/mock';
import { NO_TAPE } from '@calltape/store';
import { closeMockDoors, openMockDoors, type DoorsWanted } from './mock-doors.ts';

function isWanted(value: unknown): value is DoorsWanted {
  return typeof value === 'object' && value !== null && 'secure' in value && 'passing' in value;
}

serveWorker(async (mock, { more, ...address }, say) => {
  if (!isWanted(more)) throw new Error('the thread was not told which doors it has');
  const doors = await openMockDoors(mock, address, more, NO_TAPE, say);
  return { close: (graceMs) => closeMockDoors(mock, doors, graceMs) };
});
