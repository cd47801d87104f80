import { existsSync } from 'node:fs';
import {
  checkSources,
  JOURNAL_LENGTH,
  openMock,
  serveMock,
  sharesPorts,
  superseded,
  type MockSummary,
  type OpenMock,
  type PlayOptions,
  type ServeOptions,
} from '@calltape/mock';
import type { HandshakeFailure, ProxyOptions } from '@calltape/proxy';
import {
  NO_TAPE,
  openPruner,
  openTape,
  openWriter,
  type RecordingStart,
  type TapeWriter,
  type WriterOptions,
} from '@calltape/store';
import type { ListenAddress } from './listen-address.ts';
import { openMockSides, type MockSides, type SidesWanted } from './metrics/mock-sides.ts';
import { doorThreads } from './door-threads.ts';
import { closeMockDoors, openMockDoors, type DoorsWanted } from './mock-doors.ts';
import type { Mode } from './mock-mode.ts';
import type { Output } from './output.ts';
import { closeAndRethrow, watchWriter } from './writer-watch.ts';

/** How the calls that pass are kept. */
export interface Keeping {
  readonly recording: RecordingStart;
  readonly writer: WriterOptions;
}

export interface MockServerRequest {
  readonly play: PlayOptions;
  readonly mode: Mode;
  readonly address: ListenAddress;
  /** Its URL is to be one of https. */
  readonly secure: boolean;
  /** Calls come through CONNECT or over TLS as well; without it there is plain HTTP alone. */
  readonly doors: boolean;
  /** Threads that answer; there is one where there is more than the plain door. */
  readonly workers: number;
  /** Where calls are passed on to, and how. */
  readonly passing: Omit<ProxyOptions, 'writer'>;
  readonly keeping: Keeping;
  readonly served: string | undefined;
  readonly sides: SidesWanted;
  readonly output: Output;
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
}

/** A mock that accepts connections, with the tapes that it writes. */
export interface MockServer {
  readonly url: string;
  readonly seed: number;
  readonly recordings: number;
  readonly patterns: number;
  /** Fault rules, or their counts, are other than it began with. */
  readonly isChanged: boolean;
  readonly warnings: readonly string[];
  /** Threads that answer. */
  readonly workers: number;
  summary(): MockSummary;
  /** What is written while it runs; null for what is not. */
  readonly served: TapeWriter | null;
  readonly recorded: TapeWriter | null;
  readonly sides: MockSides;
  /** Calls on the tape that `--mode all` has put new ones in the place of; known when it is closed. */
  readonly replaced: number;
  close(graceMs?: number): Promise<void>;
  /** Cuts what `close` still waits for. */
  cut(): void;
}

interface Door {
  readonly url: string;
  /** Threads that answer. */
  readonly workers: number;
  close(graceMs?: number): Promise<void>;
  cut(): void;
}

/** The doors of the recorder, which several threads may have. */
async function openDoor(
  mock: OpenMock,
  request: MockServerRequest,
  writer: TapeWriter,
  privatePorts: readonly number[],
): Promise<Door> {
  const { mode, address, secure, passing, onHandshakeFailure } = request;
  const workers = sharesPorts() ? request.workers : 1;
  const wanted: DoorsWanted = {
    secure,
    shared: workers > 1,
    passing: mode.passes ? { ...passing, privatePorts } : null,
  };
  const doors = await openMockDoors(mock, address, wanted, writer, onHandshakeFailure);
  const { port } = doors;
  const others = await doorThreads(
    workers - 1,
    mock,
    { ...address, port },
    {
      wanted,
      onHandshakeFailure,
    },
  ).catch(closeAndRethrow(doors));
  return {
    url: doors.url,
    workers,
    close: async (graceMs) => {
      await Promise.all([closeMockDoors(mock, doors, graceMs), others?.close(graceMs)]);
    },
    cut: () => doors.cut(),
  };
}

/** The mock's own server, for plain HTTP/1.1 and nothing to pass on. */
async function plainDoor(mock: OpenMock, address: ServeOptions): Promise<Door> {
  const running = await serveMock(mock, address);
  return {
    url: running.url,
    workers: running.workers,
    close: (graceMs) => running.close(graceMs),
    cut: () => void running.close(0),
  };
}

/** Where the calls of this run begin on the tape, and what erases those that they stand in for. */
function superseder(tape: string, play: PlayOptions): () => number {
  const before = openTape(tape);
  const afterId = before.head().id;
  before.close();
  return () => {
    const ids = superseded(tape, afterId, play);
    if (ids.length === 0) return 0;
    const pruner = openPruner(tape);
    try {
      return [...pruner.run({ ids, bytes: 0 }, { keep: {} })].at(-1) ?? 0;
    } finally {
      pruner.close();
    }
  };
}

interface Writers {
  readonly served: TapeWriter | null;
  readonly recorded: TapeWriter | null;
}

async function closeAll({ served, recorded }: Writers): Promise<void> {
  await served?.close();
  await recorded?.close();
}

async function openWriters(request: MockServerRequest): Promise<Writers> {
  const { play, mode, keeping, served: file } = request;
  const [tape] = play.tapes;
  const recorded =
    mode.records && tape !== undefined
      ? await openWriter(tape, keeping.recording, keeping.writer)
      : null;
  const served =
    file === undefined
      ? null
      : await openWriter(file, { name: 'mock', source: 'mock' }).catch(closeAndRethrow(recorded));
  return { served, recorded };
}

interface Parts {
  readonly mock: OpenMock;
  readonly door: Door;
  readonly sides: MockSides;
}

class Running implements MockServer {
  readonly url: string;
  readonly served: TapeWriter | null;
  readonly recorded: TapeWriter | null;
  readonly sides: MockSides;
  replaced = 0;
  readonly #mock: OpenMock;
  readonly #door: Door;
  readonly #replace: () => number;
  /** The version of the fault rules that it began with. */
  readonly #firstFaults: number;

  constructor({ mock, door, sides }: Parts, { served, recorded }: Writers, replace: () => number) {
    this.url = door.url;
    this.served = served;
    this.recorded = recorded;
    this.sides = sides;
    this.#mock = mock;
    this.#door = door;
    this.#replace = replace;
    this.#firstFaults = mock.faults.version;
  }

  get seed(): number {
    return this.#mock.seed;
  }

  get recordings(): number {
    return this.#mock.recordings;
  }

  get isChanged(): boolean {
    return this.#mock.faults.version !== this.#firstFaults;
  }

  get patterns(): number {
    return this.#mock.patterns;
  }

  get warnings(): readonly string[] {
    return this.#mock.warnings;
  }

  get workers(): number {
    return this.#door.workers;
  }

  summary(): MockSummary {
    return this.#mock.summary();
  }

  cut(): void {
    this.#door.cut();
  }

  async close(graceMs?: number): Promise<void> {
    await this.#door.close(graceMs);
    await this.sides.close();
    await closeAll(this);
    this.replaced = this.#replace();
  }
}

/** What is to be there; a tape that is recorded on may be new. */
function playedFiles({ play, mode }: MockServerRequest): readonly string[] {
  return mode.passes ? play.tapes.filter((file) => existsSync(file)) : play.tapes;
}

/** Loads the tapes, with a journal where somebody may ask for it. */
function loaded({ play, mode, sides }: MockServerRequest, served: TapeWriter | null): OpenMock {
  const journal = sides.controlPort === undefined ? 0 : JOURNAL_LENGTH;
  const isAsked = sides.controlPort !== undefined || sides.metricsPort !== undefined;
  return openMock({
    ...play,
    replay: mode.replays,
    mayBeEmpty: mode.passes,
    ...(served === null ? {} : { served }),
    ...(isAsked ? { journal } : {}),
  });
}

async function partsOf(request: MockServerRequest, writers: Writers): Promise<Parts> {
  const { served, recorded } = writers;
  const mock = loaded(request, served);
  const sides = await openMockSides(mock, request.sides, served, recorded);
  try {
    const door =
      request.doors || request.mode.passes
        ? await openDoor(mock, request, recorded ?? NO_TAPE, sides.ports)
        : await plainDoor(mock, { ...request.address, workers: request.workers });
    return { mock, door, sides };
  } catch (error) {
    await sides.close();
    throw error;
  }
}

/** Starts a mock with all that belongs to it, or nothing at all. */
export async function startMockServer(request: MockServerRequest): Promise<MockServer> {
  const { mode, output } = request;
  // One bad file, and no tape is begun.
  if (request.served !== undefined || mode.records) checkSources(playedFiles(request));
  const writers = await openWriters(request);
  const { served, recorded } = writers;
  const isAnew = mode.name === 'all' && recorded !== null;
  const replace = isAnew ? superseder(recorded.file, request.play) : () => 0;
  const giveUp = closeAndRethrow({ close: async () => closeAll(writers) });
  const parts = await partsOf(request, writers).catch(giveUp);
  for (const writer of [served, recorded]) {
    writer?.listening(parts.door.url);
    if (writer !== null) watchWriter(writer, output);
  }
  return new Running(parts, writers, replace);
}
