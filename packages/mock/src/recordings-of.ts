import { openTape } from '@calltape/store';
import type { Exchange, Recording as Run } from '@calltape/store';
import { ExchangeKeeper } from './kept-exchange.ts';
import { Recording } from './recording.ts';
import type { Site } from './recording.ts';
import { splitUrl } from './target.ts';

const SWITCHING = 101;
/** A tape is read once, from its beginning to its end. */
const CACHE_KIB = 512;

// Types of errors that a recorder notes when it was not the upstream that failed.
const NOT_THE_UPSTREAM = /^(?:CLIENT|CONNECT|FORWARD|INTERNAL|RECORDER|REQUEST|ROUTE|UPGRADE)_/;

/** What a mock answered, or a fault altered, is no recording of the real thing. */
function isOfTheUpstream({ source, fault, outcome, error }: Exchange): boolean {
  if (source === 'mock' || fault !== null) return false;
  return outcome === 'aborted' || !NOT_THE_UPSTREAM.test(error?.type ?? '');
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

type RunsByName = ReadonlyMap<string, readonly Run[]>;

/** A name may be given to several runs, which are told apart by the time that they began. */
function runOf(tape: string, { recording, startedAt }: Exchange, runs: RunsByName): string {
  const began = (runs.get(recording) ?? [])
    .filter((run) => run.startedAt <= startedAt)
    .reduce((latest, run) => Math.max(latest, run.startedAt), 0);
  return JSON.stringify([tape, recording, began]);
}

/** A text by itself, and not the part of another that would stay with it. */
function apart(text: string): string {
  const copy = Buffer.from(text).toString();
  return copy === text ? copy : text;
}

/** Makes the recordings of a file. */
class RecordingMaker {
  readonly #tape: string;
  readonly #runs: RunsByName;
  readonly #keeper = new ExchangeKeeper();
  readonly #sites = new Map<string, Site>();

  constructor(tape: string, runs: RunsByName) {
    this.#tape = tape;
    this.#runs = runs;
  }

  /** The recording in an exchange; undefined when there is nothing to play. */
  make(exchange: Exchange): Recording | undefined {
    const url = splitUrl(exchange.request.url);
    if (url === undefined || exchange.request.method === 'CONNECT') return undefined;
    if (!isPlayable(exchange)) return undefined;
    const site = this.#siteOf(runOf(this.#tape, exchange, this.#runs), url);
    return new Recording(exchange.id, apart(url.target), site, this.#keeper.keep(exchange));
  }

  #siteOf(run: string, { origin, host }: Pick<Site, 'origin' | 'host'>): Site {
    const key = `${run} ${origin}`;
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    const site = { tape: this.#tape, run, origin, host };
    this.#sites.set(key, site);
    return site;
  }
}

/** The recordings of calls that a file of another tool holds, which are one run. */
export function recordingsOfCalls(file: string, exchanges: readonly Exchange[]): Recording[] {
  const maker = new RecordingMaker(file, new Map());
  return exchanges.flatMap((exchange) => maker.make(exchange) ?? []);
}

/** The recordings of a tape in the order they were made; throws TapeError when it is unreadable. */
export function* recordingsOf(file: string): Generator<Recording> {
  const tape = openTape(file, { cacheKib: CACHE_KIB });
  try {
    const runs = Map.groupBy(tape.recordings(), ({ name }) => name);
    const maker = new RecordingMaker(file, runs);
    for (const exchange of tape.exchanges()) {
      const recording = maker.make(exchange);
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
