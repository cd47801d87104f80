import { Workers, type OpenMock } from '@calltape/mock';
import type { HandshakeFailure } from '@calltape/proxy';
import type { ListenAddress } from './listen-address.ts';
import type { DoorsWanted } from './mock-doors.ts';

/** TypeScript when run from source, JavaScript when built. */
const FILE = `./mock-doors-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;

function isFailure(word: unknown): word is HandshakeFailure {
  return typeof word === 'object' && word !== null && 'authority' in word && 'message' in word;
}

/** What threads with doors have to know, and who hears what they say. */
export interface DoorThreadsOptions {
  readonly wanted: DoorsWanted;
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
}

/** Starts threads that have the same doors as the main one; null for none. */
export async function doorThreads(
  count: number,
  mock: OpenMock,
  address: ListenAddress,
  { wanted, onHandshakeFailure }: DoorThreadsOptions,
): Promise<Workers | null> {
  if (count === 0) return null;
  return await Workers.start(count, mock, address, {
    file: new URL(FILE, import.meta.url),
    more: wanted,
    heard: (word) => {
      if (isFailure(word)) onHandshakeFailure(word);
    },
  });
}
