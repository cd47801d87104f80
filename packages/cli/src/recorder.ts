import type { LocalServer } from '@calltape/mock';
import type { Authority, Proxy, ProxyOptions } from '@calltape/proxy';
import { calltapeHome, openWriter, type TapeWriter } from '@calltape/store';
import { trustedCertificates } from './certificates.ts';
import type { FlagReader } from './flag-reader.ts';
import { checkAddressFree, warnIfExposed } from './listen-address.ts';
import { checkSidesFree } from './metrics/sides-free.ts';
import { recorderMetrics, type RecorderMetrics } from './metrics/recorder-metrics.ts';
import type { Output } from './output.ts';
import { handshakeTalk, tunnelTalk } from './record-talk.ts';
import { runStart, type RunStart } from './record-summary.ts';
import { redactOptions } from './redact-flags.ts';
import type { RecorderFlags } from './tables/recorder.ts';
import { strictEnd } from './strict-end.ts';
import { upstreamOptions } from './upstream-options.ts';
import { writerOptions } from './writer-flags.ts';
import { closeAndRethrow, watchWriter } from './writer-watch.ts';

/** What a recorder is started with besides the flags that all recorders have. */
export interface RecorderRequest {
  readonly flag: FlagReader<RecorderFlags>;
  readonly tape: string;
  readonly output: Output;
  /** What the recording is called on the tape. */
  readonly name: string;
  /** The command line whose calls are recorded, where there is one. */
  readonly command?: string;
  /** The one origin recorded, where there is one. */
  readonly origin: string | null;
  /** Where calls go and what the command alone decides. */
  readonly options: Partial<ProxyOptions>;
}

/** A recorder that accepts connections. */
export interface Recorder {
  readonly proxy: Proxy;
  readonly writer: TapeWriter;
  readonly start: RunStart;
  /** Resolves when a strict recorder has to end; never for others. */
  readonly mustEnd: Promise<void>;
  /** Serves its figures; null where nobody asked for them. */
  readonly metrics: Pick<LocalServer, 'url' | 'close'> | null;
  /** What https calls are read with; null when they are not. */
  readonly authority: Authority | null;
}

function isForward({ upstream, routes = {} }: Partial<ProxyOptions>): boolean {
  return upstream === undefined && Object.keys(routes).length === 0;
}

/** The figures where they are wanted; closes the writer when they cannot be had. */
async function metricsAt(
  port: number | undefined,
  writer: TapeWriter,
): Promise<RecorderMetrics | null> {
  return port === undefined ? null : recorderMetrics(port, writer).catch(closeAndRethrow(writer));
}

async function closeBoth(metrics: RecorderMetrics | null, writer: TapeWriter): Promise<void> {
  await metrics?.server.close();
  await writer.close();
}

/** Starts a recorder as its flags say, and says what there is to be warned of. */
export async function startRecorder(request: RecorderRequest): Promise<Recorder> {
  const { flag, tape, output, name, origin, command = null } = request;
  const writing = writerOptions(flag);
  const address = { host: flag('host'), port: flag('port') };
  const upstream = await upstreamOptions(flag, flag('map'), address, output);
  const redaction = redactOptions(flag, tape, output);
  const ca = await trustedCertificates(flag('ca'));
  await checkAddressFree(address);
  await checkSidesFree({ controlPort: undefined, metricsPort: flag('metrics-port') });
  // The writer's thread starts while this one loads the proxy.
  const [writer, { openAuthority, startProxy }] = await Promise.all([
    openWriter(
      tape,
      { name, source: 'proxy', upstream: origin, command },
      { ...writing, ...redaction },
    ),
    import('@calltape/proxy'),
  ]);
  const authority = isForward(request.options)
    ? await openAuthority(calltapeHome()).catch(closeAndRethrow(writer))
    : null;
  const start = runStart(tape, name);
  const metrics = await metricsAt(flag('metrics-port'), writer);
  const proxy = await startProxy({
    onTunnelFailure: tunnelTalk(output),
    ...(authority === null ? {} : { authority }),
    intercept: flag('intercept'),
    tunnel: flag('tunnel'),
    http2: flag('h2'),
    onHandshakeFailure: handshakeTalk(output),
    ...request.options,
    ...upstream,
    ...address,
    writer: metrics?.writer ?? writer,
    privatePorts: metrics === null ? [] : [metrics.server.port],
    bodyLimit: flag('body-limit'),
    webSocketMessageLimit: flag('ws-message-limit'),
    webSocketKeepMessages: flag('ws-keep'),
    webSocketKeepBytes: flag('ws-keep-size'),
    strict: flag('strict'),
    ca,
  }).catch(closeAndRethrow({ close: async () => closeBoth(metrics, writer) }));
  metrics?.of(proxy);
  writer.listening(proxy.url);
  if (!flag('strict')) watchWriter(writer, output);
  warnIfExposed(address, output);
  const mustEnd = flag('strict') ? strictEnd(writer, output) : new Promise<void>(() => undefined);
  return { proxy, writer, start, authority, mustEnd, metrics: metrics?.server ?? null };
}
