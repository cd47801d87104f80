import { openWriter } from '@calltape/store';
import { trustedCertificates } from '../certificates.ts';
import type { Run } from '../command.ts';
import { checkAddressFree, warnIfExposed } from '../listen-address.ts';
import { recordSummary, runStart } from '../record-summary.ts';
import { advice, unrecordedTalk } from '../record-talk.ts';
import { checkModeFlags, recordTargets } from '../record-targets.ts';
import { announce, serveUntilStopped } from '../serving.ts';
import { stopSignal } from '../stop-signal.ts';
import type { RecordFlags } from '../tables/record.ts';
import { isoTime } from '../units.ts';
import { closeAndRethrow, reportLosses, watchWriter } from '../writer-watch.ts';

/** Long enough for an ordinary call, short enough for a container that is being stopped. */
const GRACE_MS = 5000;

export const record: Run<RecordFlags> = async ({ flag, arguments: words, tape, output }) => {
  const address = { host: flag('host'), port: flag('port') };
  const targets = recordTargets(words[0], flag('route'), address);
  checkModeFlags(targets, flag);
  const ca = await trustedCertificates(flag('ca'));
  await checkAddressFree(address);
  const stop = stopSignal();
  const name = flag('recording') ?? `${targets.label}@${isoTime(Date.now())}`;
  // The writer's thread starts while this one loads the proxy.
  const [writer, { startProxy }] = await Promise.all([
    openWriter(
      tape,
      { name, source: 'proxy', upstream: targets.only?.origin ?? null },
      { redact: !flag('no-redact') },
    ),
    import('@calltape/proxy'),
  ]);
  const start = runStart(tape, name);
  const proxy = await startProxy({
    ...address,
    ...targets.options,
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
  for (const line of advice(proxy.url, targets)) output.talk(line);
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
