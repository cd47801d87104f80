import type { EndpointFigures, FaultFigures, Figures, Reason, Slice } from '@calltape/health';
import type { Endpoint, FindingCounts } from '@calltape/store';
import type { LiveRecording, Picture } from './picture.ts';

/** The time that figures are over; ISO 8601, UTC. */
export interface SnapshotWindow {
  /** `last`: up to now; `tape`: all of a tape that nothing is written to. */
  readonly kind: 'last' | 'tape';
  readonly from: string;
  readonly to: string;
  /** How much of it the tape covers, milliseconds; rates are over this. */
  readonly coveredMs: number;
  /** Set when only the newest so many calls are counted. */
  readonly newestOnly: number | null;
}

export interface SnapshotEndpoint extends Endpoint, Figures {
  /** How many of the calls a fault rule altered. */
  readonly injected: number;
}

/** The health of a tape at one moment. */
export interface Snapshot {
  readonly tape: string;
  /** Calls on the tape. */
  readonly calls: number;
  /** Calls that the recorder could not write. */
  readonly lostCalls: number;
  /** Bodies that it gave up though it kept their calls. */
  readonly droppedBodies: number;
  /** What followers of the tape found that APIs changed. */
  readonly drift: FindingCounts;
  /** The recorders and mocks that write to the tape now. */
  readonly recordings: readonly LiveRecording[];
  readonly window: SnapshotWindow;
  readonly all: Figures;
  readonly live: Figures;
  readonly mock: Figures;
  readonly injected: Figures;
  /** Whose durations the endpoints show. */
  readonly subject: Slice;
  readonly endpoints: readonly SnapshotEndpoint[];
  readonly reasons: readonly Reason[];
  readonly faults: readonly FaultFigures[];
}

function endpointOf(one: EndpointFigures): SnapshotEndpoint {
  const { endpoint, trend: _trend, totalMs: _totalMs, ...figures } = one;
  return { ...endpoint, ...figures };
}

/** A picture as data for other programs. */
export function snapshotOf(picture: Picture): Snapshot {
  const { span, health } = picture;
  return {
    tape: picture.file,
    calls: picture.total,
    lostCalls: picture.lost,
    droppedBodies: picture.droppedBodies,
    drift: picture.drift,
    recordings: picture.live,
    window: {
      kind: span.kind,
      from: new Date(health.fromMs).toISOString(),
      to: new Date(health.toMs).toISOString(),
      coveredMs: health.coveredMs,
      newestOnly: span.newestOnly,
    },
    all: health.all,
    live: health.live,
    mock: health.mock,
    injected: health.injected,
    subject: health.subject,
    endpoints: health.endpoints.map(endpointOf),
    reasons: health.reasons,
    faults: health.faults,
  };
}
