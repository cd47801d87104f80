import type { OpenMock } from '@calltape/mock';
import type { Doors, HandshakeFailure, ProxyOptions } from '@calltape/proxy';
import { calltapeHome, type TapeWriter } from '@calltape/store';
import type { ListenAddress } from './listen-address.ts';

/** Which doors a mock has besides that for plain HTTP, in a form that can be sent to another thread. */
export interface DoorsWanted {
  /** The URL is to be one of https. */
  readonly secure: boolean;
  /** Other threads listen on the port too. */
  readonly shared: boolean;
  /** How calls are passed on; null where none is. */
  readonly passing: Omit<ProxyOptions, 'writer'> | null;
}

/** The listener of the recorder, with the player as the one who answers. */
export async function openMockDoors(
  mock: OpenMock,
  { host, port }: ListenAddress,
  { secure, shared, passing }: DoorsWanted,
  writer: TapeWriter,
  onHandshakeFailure: (failure: HandshakeFailure) => void,
): Promise<Doors> {
  const { openAuthority, openDoors } = await import('@calltape/proxy');
  return await openDoors({
    host,
    port,
    shared,
    authority: await openAuthority(calltapeHome()),
    secure,
    onHandshakeFailure,
    answer: (visit) => mock.visit(visit),
    open: (opening) => mock.open(opening),
    ...(passing === null ? {} : { passingOn: { ...passing, writer } }),
  });
}

/** Lets what is due at the doors come to its end while they close. */
export async function closeMockDoors(
  mock: OpenMock,
  doors: Doors,
  graceMs: number | undefined,
): Promise<void> {
  await mock.finish({ close: () => doors.close(), cut: () => doors.cut() }, graceMs);
}
