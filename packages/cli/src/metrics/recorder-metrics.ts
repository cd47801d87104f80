import type { LocalServer } from '@calltape/mock';
import type { Proxy } from '@calltape/proxy';
import type { TapeWriter } from '@calltape/store';

/** A recorder's figures, and the writer that counts for them. */
export interface RecorderMetrics {
  readonly server: LocalServer;
  /** To be given to the recorder in place of the other. */
  readonly writer: TapeWriter;
  /** To be told when there is a proxy. */
  of(proxy: Proxy): void;
}

/** Serves the figures of a recorder that is about to start. */
export async function recorderMetrics(port: number, writer: TapeWriter): Promise<RecorderMetrics> {
  // A recorder without figures starts without what they need.
  const [{ single, startMetricsServer }, { CallMeter }, { MeteredWriter }, tape, program] =
    await Promise.all([
      import('@calltape/mock'),
      import('./call-meter.ts'),
      import('./metered-writer.ts'),
      import('./tape-families.ts'),
      import('./program-families.ts'),
    ]);
  const meter = new CallMeter();
  let proxy: Proxy | null = null;
  const server = await startMetricsServer(port, () => [
    ...program.programFamilies(),
    ...meter.families(),
    single('gauge', 'calltape_recorder_calls_in_flight', 'Calls under way.', proxy?.inFlight ?? 0),
    ...tape.tapeFamilies({ recorded: writer }),
  ]);
  return {
    server,
    writer: new MeteredWriter(writer, meter),
    of: (started) => {
      proxy = started;
    },
  };
}
