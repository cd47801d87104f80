import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openMock, playOptionsOf, WatchedMock, type WrittenOptions } from '@calltape/mock';
import { openAuthority, openDoors } from '@calltape/proxy';
import { calltapeHome, openWriter, parseRedactRules, type TapeWriter } from '@calltape/store';
import { trustedCertificates } from '../certificates.ts';
import { CliError } from '../errors.ts';
import { takeOwnRoute } from './own-route.ts';

export interface TapeOptions extends Omit<WrittenOptions, 'served'> {
  /** Calls to this machine are recorded and answered as well. Default false: they go where they should. */
  readonly local?: boolean;
  /** Rules for what else is a secret when it records, as for `--redact`: `json:$.card.number`. */
  readonly redact?: readonly string[];
  /** A PEM file with further certificates to trust when it records, as for `--ca`. */
  readonly ca?: string;
}

/** A tape that answers this process's calls, or that they are being recorded on. */
export interface TapeDoor {
  readonly mock: WatchedMock;
  readonly recording: boolean;
  /** Ends it. What was recorded becomes the tape, unless `keep` is false. */
  close(keep: boolean): Promise<void>;
}

function isCi(): boolean {
  const value = process.env['CI'] ?? '';
  return value !== '' && value !== 'false' && value !== '0';
}

function refuseToRecord(file: string): CliError {
  return new CliError(
    'FILE_NOT_FOUND',
    `There is no tape at ${file}, and with CI set none is recorded. Run the tests once without CI and keep the tape with them.`,
  );
}

/** Nobody else writes that file, and nobody takes half a recording for a whole one. */
function unfinished(file: string): string {
  return `${file}.${process.pid}.recording`;
}

async function openRecording(file: string, redactRules: readonly string[]): Promise<TapeWriter> {
  await mkdir(dirname(file), { recursive: true });
  return await openWriter(unfinished(file), { name: 'vitest', source: 'proxy' }, { redactRules });
}

async function finishRecording(file: string, writer: TapeWriter, keep: boolean): Promise<void> {
  await writer.close();
  if (keep && writer.stats.writtenCalls > 0) await rename(unfinished(file), file);
  else await rm(unfinished(file), { force: true });
}

/**
 * Has this process's calls answered from a tape; where there is no such tape, they reach the real APIs and
 * are recorded on it.
 *
 * @throws CliError FILE_NOT_FOUND when there is no tape and CI is set; TapeError, MockError or ProxyError
 *   where the tape or the options are no good.
 */
export async function openTapeDoor(file: string, options: TapeOptions): Promise<TapeDoor> {
  const { local = false, redact = [], ca, ...written } = options;
  parseRedactRules(redact);
  const trusted = await trustedCertificates(ca);
  const recording = !existsSync(file);
  if (recording && isCi()) throw refuseToRecord(file);
  const play = playOptionsOf(recording ? [] : file, written);
  const mock = openMock({ ...play, replay: !recording, mayBeEmpty: recording });
  const writer = recording ? await openRecording(file, redact) : null;
  const authority = await openAuthority(calltapeHome());
  const doors = await openDoors({
    host: '127.0.0.1',
    port: 0,
    authority,
    secure: false,
    onHandshakeFailure: () => undefined,
    answer: (visit) => mock.visit(visit),
    open: (opening) => mock.open(opening),
    ...(writer === null ? {} : { passingOn: { writer, ca: trusted } }),
  });
  writer?.listening(doors.url);
  const leave = takeOwnRoute({
    proxy: doors.url,
    certificatePem: authority.certificatePem,
    local,
  });
  return {
    mock: new WatchedMock(mock),
    recording,
    close: async (keep) => {
      leave();
      await mock.finish({ close: () => doors.close(), cut: () => doors.cut() });
      if (writer !== null) await finishRecording(file, writer, keep);
    },
  };
}
