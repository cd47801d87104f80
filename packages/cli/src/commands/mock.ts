import type { ProxyOptions } from '@calltape/proxy';
import { trustedCertificates } from '../certificates.ts';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { FlagReader } from '../flag-reader.ts';
import { checkAddressFree, warnIfExposed, type ListenAddress } from '../listen-address.ts';
import { besideLines, besideOf, sidesWanted } from '../metrics/mock-sides.ts';
import { checkSidesFree } from '../metrics/sides-free.ts';
import { mayCall, modeOf, type Mode } from '../mock-mode.ts';
import { startMockServer, type MockServer } from '../mock-server.ts';
import { drawsOn, mockGreeting, mockSummary } from '../mock-talk.ts';
import type { Output } from '../output.ts';
import { changedFlags, checkPassingFlags } from '../passing-flags.ts';
import { playOptions } from '../play-options.ts';
import { handshakeTalk } from '../record-talk.ts';
import { recordTargets, type RecordTargets } from '../record-targets.ts';
import { redactOptions } from '../redact-flags.ts';
import { sameAgain } from '../same-again.ts';
import { checkServedTape } from '../served-tape.ts';
import { announce, serveUntilStopped } from '../serving.ts';
import { stopSignal } from '../stop-signal.ts';
import { MOCK, type MockFlags } from '../tables/mock.ts';
import { isoTime } from '../units.ts';
import { upstreamOptions } from '../upstream-options.ts';
import { reportLosses } from '../writer-watch.ts';

export const mock: Run<MockFlags> = async ({ flag, given, arguments: named, tape, output }) => {
  const tapes = named.length === 0 ? [tape] : [...named];
  const address = { host: flag('host'), port: flag('port') };
  const targets = recordTargets(flag('upstream'), flag('route'), address);
  const play = {
    ...(await playOptions(flag, tapes)),
    routes: routesOf(targets),
    rewriteBodies: flag('rewrite-bodies'),
  };
  const mode = modeOf(flag, tapes);
  checkWays(flag, mode, targets);
  const served = flag('served');
  if (served !== undefined) await checkServedTape(served, tapes);
  const passing = await passingOptions(flag, mode, address, output);
  await checkAddressFree(address);
  const sides = sidesWanted(flag);
  await checkSidesFree(sides);
  const stop = stopSignal();
  const server = await startMockServer({
    play,
    mode,
    address,
    secure: flag('tls'),
    doors: flag('tls'),
    workers: flag('workers'),
    passing: { ...passing, ...targets.options, ...address },
    keeping: {
      recording: {
        name: flag('recording') ?? `${targets.label}@${isoTime(Date.now())}`,
        source: 'proxy',
        upstream: targets.only?.origin ?? null,
      },
      writer: mode.records ? redactOptions(flag, tapes[0] ?? tape, output) : {},
    },
    served,
    sides,
    output,
    onHandshakeFailure: handshakeTalk(output),
  });
  warnOfFewerWorkers(server, flag('workers'), output);
  warnIfExposed(address, output);
  await announce(output, server.url, tapes[0] ?? tape, besideOf(server.sides));
  const started = { words: ['mock', ...tapes], table: MOCK.flags, given, seed: server.seed };
  const again = drawsOn(server, play.faults) ? sameAgain(started) : null;
  const rules = play.faults.map(({ text }) => text);
  output.talk(mockGreeting(server, tapes, rules, again));
  for (const line of besideLines(server.sides)) output.talk(line);
  return serveUntilStopped(stop, async () => {
    await server.close();
    output.talk(mockSummary(server, again));
    return lossesOf(server, output);
  });
};

function routesOf({ byPrefix }: RecordTargets): Record<string, string> {
  return Object.fromEntries(Array.from(byPrefix, ([prefix, { href }]) => [prefix, href]));
}

/** Refuses what would start half of a mock. Throws CliError FLAG_VALUE. */
function checkWays(flag: FlagReader<MockFlags>, mode: Mode, { byPrefix }: RecordTargets): void {
  if (mayCall(mode) && byPrefix.size === 0) {
    throw new CliError(
      'FLAG_VALUE',
      `--mode ${mode.name} has to know where the API is: add --upstream URL or --route /PREFIX=URL.`,
    );
  }
  if (!mayCall(mode) && flag('upstream') !== undefined) {
    throw new CliError(
      'FLAG_VALUE',
      '--upstream says where to ask for what is not on the tape: add --on-miss record or --on-miss passthrough.',
    );
  }
  if (flag('workers') > 1 && mode.records) {
    throw new CliError(
      'FLAG_VALUE',
      `--workers cannot be with --mode ${mode.name}, for one thread alone writes what is recorded: leave out --workers, or pass calls on with --on-miss passthrough.`,
    );
  }
  checkPassingFlags(changedFlags(MOCK.flags, flag), mode);
}

/** Not every system deals the connections of one port out to several threads. */
function warnOfFewerWorkers({ workers }: MockServer, asked: number, output: Output): void {
  if (workers === asked) return;
  output.warn(
    `Warning: one worker answers instead of ${asked}, for this system does not let several listen on one port.`,
  );
}

async function passingOptions(
  flag: FlagReader<MockFlags>,
  mode: Mode,
  own: ListenAddress,
  output: Output,
): Promise<Omit<ProxyOptions, 'writer'>> {
  if (!mayCall(mode)) return {};
  const bodyLimit = mode.records ? flag('body-limit') : 0;
  const ca = await trustedCertificates(flag('ca'));
  return { ...(await upstreamOptions(flag, [], own, output)), ca, bodyLimit };
}

/** Calls that could not be kept on the tapes of a mock are no success. */
export function lossesOf({ served, recorded }: MockServer, output: Output): ExitCode {
  const codes = [served, recorded].flatMap((tape) =>
    tape === null ? [] : [reportLosses(tape, output)],
  );
  return codes.find((code) => code !== EXIT.done) ?? EXIT.done;
}
