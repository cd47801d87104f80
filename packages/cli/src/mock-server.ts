import { existsSync } from 'node:fs';
import {
  checkSources,
  openMock,
  startMock,
  superseded,
  type MockOptions,
  type MockSummary,
  type PlayOptions,
} from '@calltape/mock';
import type { HandshakeFailure, ProxyOptions } from '@calltape/proxy';
import {
  calltapeHome,
  NO_TAPE,
  openPruner,
  openTape,
  openWriter,
  type RecordingStart,
  type TapeWriter,
  type WriterOptions,
} from '@calltape/store';
import type { ListenAddress } from './listen-address.ts';
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
  /** Where calls are passed on to, and how. */
  readonly passing: Omit<ProxyOptions, 'writer'>;
  readonly keeping: Keeping;
  readonly served: string | undefined;
  readonly output: Output;
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
}

/** A mock that accepts connections, with the tapes that it writes. */
export interface MockServer {
  readonly url: string;
  readonly seed: number;
  readonly recordings: number;
  readonly patterns: number;
  readonly warnings: readonly string[];
  summary(): MockSummary;
  /** What is written while it runs; null for what is not. */
  readonly served: TapeWriter | null;
  readonly recorded: TapeWriter | null;
  /** Calls on the tape that `--mode all` has put new ones in the place of; known when it is closed. */
  readonly replaced: number;
  close(graceMs?: number): Promise<void>;
  /** Cuts what `close` still waits for. */
  cut(): void;
}

interface Door {
  readonly url: string;
  readonly seed: number;
  readonly recordings: number;
  readonly patterns: number;
  readonly warnings: readonly string[];
  summary(): MockSummary;
  close(graceMs?: number): Promise<void>;
  cut(): void;
}

/** The listener of the recorder, with the player as the one who answers. */
async function openDoor(request: MockServerRequest, writer: TapeWriter): Promise<Door> {
  const { play, mode, address, secure, passing, onHandshakeFailure } = request;
  const { openAuthority, openDoors } = await import('@calltape/proxy');
  const mock = openMock({ ...play, replay: mode.replays, mayBeEmpty: mode.passes });
  const doors = await openDoors({
    ...address,
    authority: await openAuthority(calltapeHome()),
    secure,
    onHandshakeFailure,
    answer: (visit) => mock.visit(visit),
    open: (opening) => mock.open(opening),
    ...(mode.passes ? { passingOn: { ...passing, writer } } : {}),
  });
  return {
    url: doors.url,
    seed: mock.seed,
    recordings: mock.recordings,
    patterns: mock.patterns,
    warnings: mock.warnings,
    summary: () => mock.summary(),
    close: (graceMs) =>
      mock.finish({ close: () => doors.close(), cut: () => doors.cut() }, graceMs),
    cut: () => doors.cut(),
  };
}

/** The mock's own server, for plain HTTP/1.1 and nothing to pass on. */
async function plainDoor(options: MockOptions): Promise<Door> {
  const mock = await startMock(options);
  return {
    url: mock.url,
    seed: mock.seed,
    recordings: mock.recordings,
    patterns: mock.patterns,
    warnings: mock.warnings,
    summary: () => mock.summary(),
    close: (graceMs) => mock.close(graceMs),
    cut: () => void mock.close(0),
  };
}

/** Where the calls of this run begin on the tape, and what erases those that they stand in for. */
function superseder(tape: string): () => number {
  const before = openTape(tape);
  const afterId = before.head().id;
  before.close();
  return () => {
    const ids = superseded(tape, afterId);
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

class Running implements MockServer {
  readonly url: string;
  readonly served: TapeWriter | null;
  readonly recorded: TapeWriter | null;
  replaced = 0;
  readonly #door: Door;
  readonly #replace: () => number;

  constructor(door: Door, { served, recorded }: Writers, replace: () => number) {
    this.url = door.url;
    this.served = served;
    this.recorded = recorded;
    this.#door = door;
    this.#replace = replace;
  }

  get seed(): number {
    return this.#door.seed;
  }

  get recordings(): number {
    return this.#door.recordings;
  }

  get patterns(): number {
    return this.#door.patterns;
  }

  get warnings(): readonly string[] {
    return this.#door.warnings;
  }

  summary(): MockSummary {
    return this.#door.summary();
  }

  cut(): void {
    this.#door.cut();
  }

  async close(graceMs?: number): Promise<void> {
    await this.#door.close(graceMs);
    await closeAll(this);
    this.replaced = this.#replace();
  }
}

/** What is to be there; a tape that is recorded on may be new. */
function playedFiles({ play, mode }: MockServerRequest): readonly string[] {
  return mode.passes ? play.tapes.filter((file) => existsSync(file)) : play.tapes;
}

/** Starts a mock with all that belongs to it, or nothing at all. */
export async function startMockServer(request: MockServerRequest): Promise<MockServer> {
  const { mode, address, output } = request;
  // One bad file, and no tape is begun.
  if (request.served !== undefined || mode.records) checkSources(playedFiles(request));
  const writers = await openWriters(request);
  const { served, recorded } = writers;
  const giveUp = closeAndRethrow({ close: async () => closeAll(writers) });
  const play = served === null ? request.play : { ...request.play, served };
  const replace = mode.name === 'all' && recorded !== null ? superseder(recorded.file) : () => 0;
  const door =
    request.doors || mode.passes
      ? await openDoor({ ...request, play }, recorded ?? NO_TAPE).catch(giveUp)
      : await plainDoor({ ...play, ...address }).catch(giveUp);
  for (const writer of [served, recorded]) {
    writer?.listening(door.url);
    if (writer !== null) watchWriter(writer, output);
  }
  return new Running(door, writers, replace);
}
