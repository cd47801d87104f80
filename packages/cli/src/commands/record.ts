import type { Run } from '../command.ts';
import { recordSummary } from '../record-summary.ts';
import { advice, tellUnkeptRefusals, unrecordedTalk } from '../record-talk.ts';
import { checkModeFlags, recordTargets } from '../record-targets.ts';
import { startRecorder } from '../recorder.ts';
import { announce, serveUntilStopped } from '../serving.ts';
import { stopSignal } from '../stop-signal.ts';
import type { RecordFlags } from '../tables/record.ts';
import { isoTime } from '../units.ts';
import { reportLosses, strictExit } from '../writer-watch.ts';

/** Long enough for an ordinary call, short enough for a container that is being stopped. */
const GRACE_MS = 5000;

export const record: Run<RecordFlags> = async ({ flag, arguments: words, tape, output }) => {
  const own = { host: flag('host'), port: flag('port') };
  const targets = recordTargets(words[0], flag('route'), own);
  checkModeFlags(targets, flag);
  const stop = stopSignal();
  const { proxy, writer, start, authority, mustEnd, metrics } = await startRecorder({
    flag,
    tape,
    output,
    name: flag('recording') ?? `${targets.label}@${isoTime(Date.now())}`,
    origin: targets.only?.origin ?? null,
    options: {
      ...targets.options,
      keepHost: flag('keep-host'),
      rewriteBodies: flag('rewrite-bodies'),
      onUnrecorded: unrecordedTalk(output),
    },
  });
  const figures = metrics === null ? null : `${metrics.url}/metrics`;
  await announce(output, proxy.url, tape, figures === null ? {} : { metrics: figures });
  const certificateFile = authority?.certificateFile ?? null;
  for (const line of advice(proxy.url, targets, certificateFile)) output.talk(line);
  output.talk(
    `Calls are kept on ${tape}, with their secrets ${flag('no-redact') ? 'as they are' : 'replaced'}.`,
  );
  if (figures !== null) output.talk(`Figures at ${figures}`);
  const asked = Promise.race([stop.asked, mustEnd]);
  return serveUntilStopped({ ...stop, asked }, async () => {
    if (proxy.inFlight > 0) {
      output.talk(
        `Finishing the calls in flight, ${GRACE_MS / 1000} s at most; Ctrl-C again stops at once.`,
      );
    }
    await proxy.close(GRACE_MS);
    await metrics?.close();
    await writer.close();
    output.talk(recordSummary(writer, start));
    tellUnkeptRefusals(proxy, output);
    return flag('strict') ? strictExit(writer) : reportLosses(writer, output);
  });
};
