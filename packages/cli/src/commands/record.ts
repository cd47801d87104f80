import { openWriter } from '@calltape/store';
import { trustedCertificates } from '../certificates.ts';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import type { FlagReader } from '../flag-reader.ts';
import { checkAddressFree, warnIfExposed } from '../listen-address.ts';
import { recordSummary, runStart } from '../record-summary.ts';
import { forwardAdvice, reverseAdvice, unrecordedTalk } from '../record-talk.ts';
import { announce, serveUntilStopped } from '../serving.ts';
import { stopSignal } from '../stop-signal.ts';
import type { RecordFlags } from '../tables/record.ts';
import { parseTarget } from '../target.ts';
import { isoTime } from '../units.ts';
import { closeAndRethrow, reportLosses, watchWriter } from '../writer-watch.ts';

/** Refuses what makes sense in the other mode only. Throws CliError FLAG_VALUE. */
function checkModeFlags(target: URL | null, flag: FlagReader<RecordFlags>): void {
  if (target !== null || !flag('keep-host')) return;
  throw new CliError(
    'FLAG_VALUE',
    '--keep-host goes with a TARGET: without one the host is always what the client asks for.',
  );
}

/** Long enough for an ordinary call, short enough for a container that is being stopped. */
const GRACE_MS = 5000;

export const record: Run<RecordFlags> = async ({ flag, arguments: words, tape, output }) => {
  const address = { host: flag('host'), port: flag('port') };
  const target = words[0] === undefined ? null : parseTarget(words[0], address);
  checkModeFlags(target, flag);
  const ca = await trustedCertificates(flag('ca'));
  await checkAddressFree(address);
  const stop = stopSignal();
  const name = flag('recording') ?? `${target?.host ?? 'forward'}@${isoTime(Date.now())}`;
  // The writer's thread starts while this one loads the proxy.
  const [writer, { startProxy }] = await Promise.all([
    openWriter(
      tape,
      { name, source: 'proxy', upstream: target?.origin ?? null },
      { redact: !flag('no-redact') },
    ),
    import('@calltape/proxy'),
  ]);
  const start = runStart(tape, name);
  const proxy = await startProxy({
    ...address,
    ...(target === null ? {} : { upstream: target.href }),
    writer,
    bodyLimit: flag('body-limit'),
    keepHost: flag('keep-host'),
    ca,
    onUnrecorded: unrecordedTalk(output),
  }).catch(closeAndRethrow(writer));
  writer.listening(proxy.url);
  watchWriter(writer, output);
  warnIfExposed(address, output);
  await announce(output, proxy.url, tape);
  output.talk(target === null ? forwardAdvice(proxy.url) : reverseAdvice(proxy.url, target));
  output.talk(
    `Calls are kept on ${tape}, with their secrets ${flag('no-redact') ? 'as they are' : 'replaced'}.`,
  );
  return serveUntilStopped(stop, async () => {
    if (proxy.inFlight > 0) {
      output.talk(
        `Finishing the calls in flight, ${GRACE_MS / 1000} s at most; Ctrl-C again stops at once.`,
      );
    }
    await proxy.close(GRACE_MS);
    await writer.close();
    output.talk(recordSummary(writer, start));
    return reportLosses(writer, output);
  });
};
