import type { PlayOptions } from '@calltape/mock';
import type { HandshakeFailure, ProxyOptions } from '@calltape/proxy';
import { trustedCertificates } from '../certificates.ts';
import { CliError } from '../errors.ts';
import type { FlagReader, GivenFlags } from '../flag-reader.ts';
import { checkAddressFree, warnIfExposed } from '../listen-address.ts';
import { besideLines, sidesWanted } from '../metrics/mock-sides.ts';
import { checkSidesFree } from '../metrics/sides-free.ts';
import { mayCall, modeOf, type Mode } from '../mock-mode.ts';
import { startMockServer, type MockServer } from '../mock-server.ts';
import { drawsOn, mockGreeting } from '../mock-talk.ts';
import type { Output } from '../output.ts';
import { changedFlags, checkPassingFlags } from '../passing-flags.ts';
import { playOptions } from '../play-options.ts';
import { redactOptions } from '../redact-flags.ts';
import { sameAgain } from '../same-again.ts';
import { checkServedTape } from '../served-tape.ts';
import { strictEnd } from '../strict-end.ts';
import { PLAY_FLAGS } from '../tables/mock.ts';
import { RUN, type RunFlags } from '../tables/run.ts';
import { upstreamOptions } from '../upstream-options.ts';
import { writerOptions } from '../writer-flags.ts';
import { reportLosses, strictExit } from '../writer-watch.ts';
import type { RunTalk } from './run-talk.ts';
import type { Station } from './station.ts';

export interface MockStationRequest {
  readonly flag: FlagReader<RunFlags>;
  readonly given: GivenFlags;
  /** The command line of the program. */
  readonly program: readonly string[];
  readonly output: Output;
  /** What a recording of what the API answers is called. */
  readonly name: string;
  readonly command: string;
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
}

/** Flags of a recorder alone. */
const UNREAD: ReadonlySet<string> = new Set(['intercept', 'tunnel']);

/**
 * Refuses flags that would do nothing.
 *
 * Throws CliError FLAG_VALUE.
 */
export function checkRunFlags(flag: FlagReader<RunFlags>): void {
  const given = changedFlags(RUN.flags, flag);
  const isMock = flag('mock').length > 0;
  const unread = given.find((name) => UNREAD.has(name));
  if (isMock && unread !== undefined) {
    throw new CliError(
      'FLAG_VALUE',
      `--${unread} goes without --mock, which answers all calls itself; --no-proxy names hosts to call directly.`,
    );
  }
  const ofMock = given.find((name) => Object.hasOwn(PLAY_FLAGS, name));
  if (isMock || ofMock === undefined) return;
  throw new CliError(
    'FLAG_VALUE',
    `--${ofMock} goes with --mock TAPE: without it nothing is mocked.`,
  );
}

/** Has a command's calls answered from tapes. */
export async function mockStation(request: MockStationRequest, talk: RunTalk): Promise<Station> {
  const { flag, output } = request;
  const play = await playOptions(flag, flag('mock'));
  const rules = play.faults.map(({ text }) => text);
  const server = await start(request, play);
  const { recorded } = server;
  const again = drawsOn(server, play.faults) ? againOf(request, server.seed) : null;
  const isStrict = recorded !== null && flag('strict');
  warnIfExposed({ host: flag('host'), port: flag('port') }, output);
  return {
    url: server.url,
    mustEnd: isStrict ? strictEnd(recorded, output) : new Promise<void>(() => undefined),
    greeting: [
      ...mockGreeting(server, flag('mock'), rules, again).split('\n'),
      ...besideLines(server.sides),
    ],
    stop: (graceMs) => server.close(graceMs),
    cut: () => server.cut(),
    ended: (code) => {
      talk.mockEnded(server, code, again);
      for (const tape of [server.served, recorded]) if (tape !== null) reportLosses(tape, output);
      return isStrict ? strictExit(recorded) || code : code;
    },
  };
}

function againOf({ given, program }: MockStationRequest, seed: number): string {
  return sameAgain({ words: ['run'], table: RUN.flags, given, seed, program });
}

async function start(request: MockStationRequest, play: PlayOptions): Promise<MockServer> {
  const { flag, output, name, command, onHandshakeFailure } = request;
  const tapes = flag('mock');
  const mode = modeOf(flag, tapes);
  checkPassingFlags(changedFlags(RUN.flags, flag), mode);
  const served = flag('served');
  if (served !== undefined) await checkServedTape(served, tapes);
  const passing = await passingOptions(request, mode);
  const address = { host: flag('host'), port: flag('port') };
  await checkAddressFree(address);
  const sides = sidesWanted(flag);
  await checkSidesFree(sides);
  const redaction = mode.records ? redactOptions(flag, tapes[0] ?? '', output) : {};
  return startMockServer({
    play,
    mode,
    address,
    secure: false,
    workers: 1,
    doors: true,
    passing,
    keeping: {
      recording: { name, source: 'proxy', command },
      writer: { ...writerOptions(flag), ...redaction },
    },
    served,
    sides,
    output,
    onHandshakeFailure,
  });
}

async function passingOptions(
  { flag, output }: MockStationRequest,
  mode: Mode,
): Promise<Omit<ProxyOptions, 'writer'>> {
  if (!mayCall(mode)) return {};
  const own = { host: flag('host'), port: flag('port') };
  return {
    ...(await upstreamOptions(flag, flag('map'), own, output)),
    ...own,
    ca: await trustedCertificates(flag('ca')),
    bodyLimit: mode.records ? flag('body-limit') : 0,
    webSocketMessageLimit: flag('ws-message-limit'),
    webSocketKeepMessages: flag('ws-keep'),
    webSocketKeepBytes: flag('ws-keep-size'),
    strict: flag('strict'),
  };
}
