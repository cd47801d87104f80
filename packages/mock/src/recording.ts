import { header, openTape } from '@calltape/store';
import type { Exchange, Recording as Run } from '@calltape/store';
import type { Content } from './body-meaning.ts';
import type { Plan } from './step.ts';
import { splitUrl } from './target.ts';

/** The plan of a recording and what may have to be changed in it for a call. */
export interface PreparedPlan {
  readonly plan: Plan;
  /** It names places that move to where the mock is. */
  readonly namesPlaces: boolean;
  /** Names and values of request fields that the answer says again. */
  readonly said: readonly (readonly [name: string, value: string])[];
  /** The plan for clients that know the mock by this origin. */
  placed: { readonly own: string; readonly plan: Plan } | null;
}

/** An exchange of a tape that the mock can play. */
export interface Recording {
  /** The tape's file as it was given. */
  readonly tape: string;
  readonly exchange: Exchange;
  /** The run of a recorder that made it; the same for all of that run. */
  readonly run: string;
  readonly origin: string;
  readonly host: string;
  /** Path and query as they were on the wire. */
  readonly target: string;
  /** How it is played, once that is known. */
  plan: PreparedPlan | null;
  /** Whether a client got it whole. */
  used: boolean;
}

const SWITCHING = 101;

// Types of errors that a recorder notes when it was not the upstream that failed.
const NOT_THE_UPSTREAM = /^(?:CLIENT|CONNECT|FORWARD|INTERNAL|RECORDER|REQUEST|ROUTE|UPGRADE)_/;

/** What a mock answered, or a fault altered, is no recording of the real thing. */
function isOfTheUpstream({ source, fault, outcome, error }: Exchange): boolean {
  if (source === 'mock' || fault !== null) return false;
  return outcome === 'aborted' || !NOT_THE_UPSTREAM.test(error?.type ?? '');
}

/** Whether a call became a WebSocket, which is replayed in its own way. */
export function isWebSocket({ exchange }: Recording): boolean {
  return exchange.response?.status === SWITCHING;
}

/** Of a 101 that began another protocol the tape knows nothing. */
function isOpened({ response, websocket, outcome }: Exchange): boolean {
  return response?.status === SWITCHING && websocket !== undefined && outcome !== 'pending';
}

/**
 * A call that was still under way, whose recorder died or whose client left before an answer says
 * nothing.
 */
function isPlayable(exchange: Exchange): boolean {
  const { outcome, response } = exchange;
  // What a WebSocket said before its recorder died it may say again.
  if (isOpened(exchange)) return exchange.source !== 'mock' && exchange.fault === null;
  if (outcome === 'pending' || outcome === 'interrupted') return false;
  if (!isOfTheUpstream(exchange)) return false;
  if (response === null) return outcome === 'error' || outcome === 'truncated';
  return response.status >= 200 && response.status <= 999;
}

/** The recording in an exchange; undefined when there is nothing to play. */
function recordingOf(tape: string, exchange: Exchange, runs: RunsByName): Recording | undefined {
  const url = splitUrl(exchange.request.url);
  if (url === undefined || exchange.request.method === 'CONNECT') return undefined;
  if (!isPlayable(exchange)) return undefined;
  const run = runOf(tape, exchange, runs);
  return { tape, exchange, run, ...url, plan: null, used: false };
}

type RunsByName = ReadonlyMap<string, readonly Run[]>;

/** A name may be given to several runs, which are told apart by the time that they began. */
function runOf(tape: string, { recording, startedAt }: Exchange, runs: RunsByName): string {
  const began = (runs.get(recording) ?? [])
    .filter((run) => run.startedAt <= startedAt)
    .reduce((latest, run) => Math.max(latest, run.startedAt), 0);
  return JSON.stringify([tape, recording, began]);
}

/** The recordings of calls that a file of another tool holds, which are one run. */
export function recordingsOfCalls(file: string, exchanges: readonly Exchange[]): Recording[] {
  return exchanges.flatMap((exchange) => recordingOf(file, exchange, new Map()) ?? []);
}

/** The recordings of a tape in the order they were made; throws TapeError when it is unreadable. */
export function* recordingsOf(file: string): Generator<Recording> {
  const tape = openTape(file);
  try {
    const runs = Map.groupBy(tape.recordings(), ({ name }) => name);
    for (const exchange of tape.exchanges()) {
      const recording = recordingOf(file, exchange, runs);
      if (recording !== undefined) yield recording;
    }
  } finally {
    tape.close();
  }
}

/** The users' own redaction rules of the recordings on some tapes; throws TapeError as above. */
export function redactionRulesOf(files: readonly string[]): string[] {
  const rules = files.flatMap((file) => {
    const tape = openTape(file);
    try {
      return tape.recordings().flatMap(({ redaction }) => redaction ?? []);
    } finally {
      tape.close();
    }
  });
  return [...new Set(rules)];
}

export function recordedContent({ exchange }: Recording): Content {
  const { body, headers } = exchange.request;
  return {
    bytes: body.bytes,
    size: body.size,
    type: header(headers, 'content-type') ?? '',
    coding: header(headers, 'content-encoding') ?? '',
  };
}

/** Where the recorders of some tapes were reached; throws TapeError as above. */
export function recorderHostsOf(files: readonly string[]): string[] {
  const hosts = files.flatMap((file) => {
    const tape = openTape(file);
    try {
      return tape.recordings().flatMap(({ listen }) => hostsAt(listen ?? ''));
    } finally {
      tape.close();
    }
  });
  return [...new Set(hosts)];
}

/** A machine calls itself by more than one name. */
function hostsAt(url: string): string[] {
  const place = URL.parse(url);
  if (place === null) return [];
  return [place.host, `127.0.0.1:${place.port}`, `localhost:${place.port}`];
}
