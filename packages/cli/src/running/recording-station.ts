import { startRecorder } from '../recorder.ts';
import type { RecorderRequest } from '../recorder.ts';
import { reportLosses, strictExit } from '../writer-watch.ts';
import type { RunTalk } from './run-talk.ts';
import type { Station } from './station.ts';

/** Has a command's calls recorded. */
export async function recordingStation(request: RecorderRequest, talk: RunTalk): Promise<Station> {
  const recorder = await startRecorder(request);
  const { proxy, writer, mustEnd, metrics } = recorder;
  return {
    url: proxy.url,
    mustEnd,
    greeting: metrics === null ? [] : [`Figures at ${metrics.url}/metrics`],
    stop: async (graceMs) => {
      await proxy.close(graceMs);
      await metrics?.close();
      await writer.close();
    },
    cut: () => void proxy.close(0),
    ended: (code) => {
      talk.ended(recorder, code);
      if (request.flag('strict')) return strictExit(writer) || code;
      reportLosses(writer, request.output);
      return code;
    },
  };
}
