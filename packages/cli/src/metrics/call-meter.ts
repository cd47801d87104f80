import { DurationHistogram, type Family, type Labels, type Sample } from '@calltape/mock';
import type { CallDraft, Outcome } from '@calltape/store';

/** Hosts that are counted each by itself; a client that calls ever new ones makes no more series. */
const MOST_HOSTS = 100;
const OTHER = 'other';

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'QUERY',
]);
const OUTCOMES = ['complete', 'aborted', 'truncated', 'error', 'interrupted', 'pending'] as const;
const PLACE_OF: Readonly<Record<Outcome, number>> = {
  complete: 0,
  aborted: 1,
  truncated: 2,
  error: 3,
  interrupted: 4,
  pending: 5,
};
/** `none` where no status came, and the first digit of those that did. */
const CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx', OTHER] as const;

function classOf(status: number | undefined): number {
  if (status === undefined) return 0;
  const first = Math.trunc(status / 100);
  return first >= 1 && first <= 5 ? first : CLASSES.length - 1;
}

/** Host and port of an absolute URL, without user and password. */
function hostOf(url: string): string {
  const from = url.indexOf('//') + 2;
  const slash = url.indexOf('/', from);
  const authority = url.slice(from, slash === -1 ? undefined : slash).replace(/[?#].*$/s, '');
  return authority.slice(authority.lastIndexOf('@') + 1);
}

/** What is counted of a host. */
class HostMeter {
  readonly durations = new DurationHistogram();
  /** By method, then outcome and class of the status in one. */
  readonly counts = new Map<string, Float64Array>();
  requestBytes = 0;
  responseBytes = 0;

  note({ method, response, outcome, durationMs, body }: CallDraft): void {
    const name = METHODS.has(method) ? method : OTHER;
    const known = this.counts.get(name);
    const counts = known ?? new Float64Array(OUTCOMES.length * CLASSES.length);
    if (known === undefined) this.counts.set(name, counts);
    const at = PLACE_OF[outcome] * CLASSES.length + classOf(response?.status);
    counts[at] = (counts[at] ?? 0) + 1;
    this.durations.note(durationMs ?? 0);
    this.requestBytes += body.size;
    this.responseBytes += response?.body.size ?? 0;
  }
}

/**
 * Counts calls as they end: two look-ups in Maps and some additions, on the thread that passes the
 * calls on. The labels have at most so many values: 101 hosts, ten methods, seven classes of status,
 * six outcomes.
 */
export class CallMeter {
  readonly #hosts = new Map<string, HostMeter>();

  note(draft: CallDraft): void {
    const host = hostOf(draft.url);
    const meter = this.#hosts.get(host) ?? this.#newHost(host);
    meter.note(draft);
  }

  families(): Family[] {
    const hosts = [...this.#hosts];
    const each = (value: (meter: HostMeter) => number): Sample[] =>
      hosts.map(([host, meter]) => ({ labels: [['host', host]], value: value(meter) }));
    return [
      {
        kind: 'counter',
        name: 'calltape_recorder_calls',
        help: 'Calls that have ended, kept or not.',
        samples: hosts.flatMap(([host, meter]) => samplesOf(host, meter)),
      },
      {
        kind: 'histogram',
        name: 'calltape_recorder_call_duration_seconds',
        help: 'Time from the request to the end of the answer.',
        series: hosts.map(([host, { durations: histogram }]) => {
          return { labels: [['host', host]], histogram };
        }),
      },
      {
        kind: 'counter',
        name: 'calltape_recorder_request_body_bytes',
        help: 'Bytes of request bodies as they were on the wire.',
        samples: each(({ requestBytes }) => requestBytes),
      },
      {
        kind: 'counter',
        name: 'calltape_recorder_response_body_bytes',
        help: 'Bytes of response bodies as they were on the wire.',
        samples: each(({ responseBytes }) => responseBytes),
      },
    ];
  }

  #newHost(name: string): HostMeter {
    const host = this.#hosts.size < MOST_HOSTS ? name : OTHER;
    const meter = this.#hosts.get(host) ?? new HostMeter();
    this.#hosts.set(host, meter);
    return meter;
  }
}

function samplesOf(host: string, { counts }: HostMeter): Sample[] {
  return [...counts].flatMap(([method, numbers]) =>
    [...numbers].flatMap((value, at) => {
      if (value === 0) return [];
      const outcome = OUTCOMES[Math.trunc(at / CLASSES.length)] ?? '';
      const status = CLASSES[at % CLASSES.length] ?? '';
      const labels: Labels = [
        ['host', host],
        ['method', method],
        ['status', status],
        ['outcome', outcome],
      ];
      return [{ labels, value }];
    }),
  );
}
