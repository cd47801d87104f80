import type { Outcome } from '@calltape/store';
import type { Call } from './call.ts';
import { AnswerCounts } from './metrics/answer-counts.ts';
import { DurationHistogram } from './metrics/histogram.ts';
import type { Ending, Watcher } from './perform.ts';
import type { PassedEnd } from './visit.ts';
import type { Answer, AnswerResult } from './answer.ts';
import { outcomeOf, urlOf } from './served-call.ts';
import type { Arrival } from './served-call.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { Step } from './step.ts';

/** An answer that a mock gave, or is giving. */
export interface JournalEntry {
  /** Counts the answers in the order in which they ended; null while this one has not. */
  readonly id: number | null;
  /** When the request came, ISO 8601 in UTC. */
  readonly time: string;
  readonly method: string;
  /** Secrets replaced as on a tape; a long one is cut. */
  readonly url: string;
  /** Null before a status was sent; that of a call which passes comes with its end. */
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly result: AnswerResult;
  /** What was played, or what a fault stood in for. */
  readonly recording: { readonly tape: string; readonly id: number } | null;
  /** The rules that altered the answer, as their user wrote them. */
  readonly faults: readonly string[];
  /** Milliseconds from the request to the end of the answer. */
  readonly durationMs: number | null;
}

/** A part of the journal, and where to go on. */
export interface JournalPage {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** What to ask with as `since` for what comes after these. */
  readonly next: number;
  /** Answers behind `since` that are no longer kept. */
  readonly lost: number;
  /** Answers under way, such as those that hang; the oldest hundred. */
  readonly open: readonly JournalEntry[];
}

const MOST_OPEN = 100;
const LONGEST_URL = 2_000;

/** A text that keeps no longer one in memory, which a mere slice would. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

/** An answer on its way into the journal. */
class Noted implements Watcher {
  readonly #journal: Journal;
  readonly #time: number;
  readonly #mark: number;
  readonly #method: string;
  readonly #url: string;
  /** A URL that had to be cut has been redacted before, whole. */
  readonly #isShown: boolean;
  readonly #answer: Pick<JournalEntry, 'result' | 'recording'>;
  /** Rules that alter the answer of the real API come to them. */
  readonly #faults: Answer['faults'];
  #status: number | null = null;
  #outcome: Outcome = 'pending';
  #durationMs: number | null = null;
  id: number | null = null;

  constructor(journal: Journal, call: Call, answer: Answer, arrival: Arrival) {
    const url = urlOf(call, answer);
    const { result, recording, faults } = answer;
    this.#journal = journal;
    this.#time = arrival.startedAt;
    this.#mark = arrival.mark;
    this.#method = call.method.length > 40 ? copyOf(call.method.slice(0, 40)) : call.method;
    this.#isShown = url.length > LONGEST_URL;
    this.#url = this.#isShown ? copyOf(`${journal.shown(url).slice(0, LONGEST_URL)}...`) : url;
    this.#answer = {
      result,
      recording: recording === null ? null : { tape: recording.tape, id: recording.id },
    };
    this.#faults = faults;
  }

  done(step: Step): void {
    if (step.kind === 'head') this.#status = step.status;
  }

  ended(ending: Ending, passed: PassedEnd | null = null): void {
    this.#durationMs = performance.now() - this.#mark;
    this.#status = passed?.status ?? this.#status;
    this.#outcome = passed?.outcome ?? outcomeOf(ending, this.#status !== null);
    // How long a WebSocket is open says nothing of how fast answers are.
    const result = this.#status === 101 ? null : this.#answer.result;
    this.#journal.count(this.#answer.result, this.#status);
    this.#journal.take(this, result, this.#durationMs);
  }

  /** Secrets are replaced only when somebody reads it, and not while calls are answered. */
  entry(): JournalEntry {
    return {
      id: this.id,
      time: new Date(this.#time).toISOString(),
      method: this.#method,
      url: this.#isShown ? this.#url : this.#journal.shown(this.#url),
      status: this.#status,
      outcome: this.#outcome,
      ...this.#answer,
      faults: this.#faults.map(({ text }) => text),
      durationMs: this.#durationMs,
    };
  }
}

interface Kept {
  readonly id: number | null;
  entry(): JournalEntry;
}

function timesOf({ durations }: JournalNews): JournalNews['durations'] {
  return durations;
}

/** What a thread has noted that others have not been told yet. */
export interface JournalNews {
  readonly ended: readonly JournalEntry[];
  readonly open: readonly JournalEntry[];
  readonly durations: readonly (readonly [AnswerResult, DurationHistogram['noted']])[];
  readonly answers: AnswerCounts['counted'];
}

const LAST = JSON.stringify(['journal']);

/** The last answers of a mock, in memory, and how long all of them took. */
export class Journal {
  readonly #capacity: number;
  /** By id and capacity, so that a new one takes the place of the one that is too old. */
  readonly #kept: Kept[] = [];
  readonly #open = new Set<Noted>();
  readonly #durations = new Map<AnswerResult, DurationHistogram>();
  readonly #answers = new AnswerCounts();
  /** Counts the answers of all threads; null where there is this one alone. */
  #counts: SharedCounts | null = null;
  #elsewhere: readonly JournalNews[] = [];
  /** The last id that pages go to: those up to it are all here. */
  #last = 0;
  /** The last id that is not to be shown again. */
  #forgotten = 0;
  /** Replaces the secrets of a URL. */
  readonly shown: (url: string) => string;

  constructor(capacity: number, shown: (url: string) => string) {
    this.#capacity = capacity;
    this.shown = shown;
  }

  /** From here on counts the answers of other threads too. */
  share(counts: SharedCounts): void {
    this.#counts = counts;
  }

  /** How many answers have ended. */
  get answers(): AnswerCounts {
    const all = new AnswerCounts();
    all.add(this.#answers.counted);
    for (const { answers } of this.#elsewhere) all.add(answers);
    return all;
  }

  /** How long answers took, by how they were found. */
  get durations(): ReadonlyMap<AnswerResult, DurationHistogram> {
    const all = new Map<AnswerResult, DurationHistogram>();
    for (const [result, noted] of [...this.#times(), ...this.#elsewhere.flatMap(timesOf)]) {
      const histogram = all.get(result) ?? new DurationHistogram();
      all.set(result, histogram);
      histogram.add(noted);
    }
    return all;
  }

  /** Notes an answer that begins; what it returns is to be told of its steps and its end. */
  watch(call: Call, answer: Answer, arrival: Arrival): Watcher {
    const noted = new Noted(this, call, answer, arrival);
    this.#open.add(noted);
    return noted;
  }

  /** Counts an answer that has ended. */
  count(result: AnswerResult, status: number | null): void {
    this.#answers.count(result, status);
  }

  /** @param result - What its time is counted under; null for nothing. */
  take(noted: Noted, result: AnswerResult | null, durationMs: number): void {
    if (!this.#open.delete(noted)) return;
    if (result !== null) this.#time(result, durationMs);
    noted.id = this.#counts?.next(LAST) ?? this.#last + 1;
    if (this.#counts === null) this.#last = noted.id;
    this.#keep(noted);
  }

  /** How many answers of all threads have ended by now. */
  get ended(): number {
    return this.#counts?.read(LAST).n ?? this.#last;
  }

  /** @param since - Answers up to this id have been told before. */
  news(since: number): JournalNews {
    return {
      ended: this.#inOrder(Number.MAX_SAFE_INTEGER)
        .filter(({ id }) => (id ?? 0) > since)
        .map((noted) => noted.entry()),
      open: [...this.#open].slice(0, MOST_OPEN).map((noted) => noted.entry()),
      durations: this.#times(),
      answers: this.#answers.counted,
    };
  }

  /**
   * Takes over what all other threads have told.
   *
   * @param upTo - All answers up to this id have been told.
   */
  hear(elsewhere: readonly JournalNews[], upTo: number): void {
    for (const entry of elsewhere.flatMap(({ ended }) => ended)) {
      this.#keep({ id: entry.id, entry: () => entry });
    }
    this.#elsewhere = elsewhere.map((news) => ({ ...news, ended: [] }));
    this.#last = Math.max(this.#last, upTo);
  }

  /**
   * The first answers behind a cursor; without one the last.
   *
   * @param since - `next` of an earlier page.
   */
  page(since: number | null, limit: number): JournalPage {
    const kept = this.#inOrder(this.#last);
    const behind = since === null ? kept.slice(-limit) : kept.filter(({ id }) => (id ?? 0) > since);
    const entries = behind.slice(0, limit).map((noted) => noted.entry());
    const oldest = behind[0]?.id ?? this.#last + 1;
    const open = [...this.#open].slice(0, MOST_OPEN).map((noted) => noted.entry());
    const all = [...open, ...this.#elsewhere.flatMap((news) => news.open)];
    return {
      entries,
      next: entries.at(-1)?.id ?? this.#last,
      lost: since === null ? 0 : Math.max(0, oldest - 1 - Math.max(0, since)),
      open: all.toSorted((one, other) => (one.time < other.time ? -1 : 1)).slice(0, MOST_OPEN),
    };
  }

  /** Forgets what has ended; ids go on. */
  clear(): void {
    this.#kept.length = 0;
    this.#forgotten = this.ended;
  }

  #times(): JournalNews['durations'] {
    return Array.from(this.#durations, ([result, { noted }]) => [result, noted] as const);
  }

  #keep(noted: Kept): void {
    const at = (noted.id ?? 0) % this.#capacity;
    if (this.#capacity > 0 && (this.#kept[at]?.id ?? 0) < (noted.id ?? 0)) this.#kept[at] = noted;
  }

  #time(result: AnswerResult, durationMs: number): void {
    const known = this.#durations.get(result);
    const durations = known ?? new DurationHistogram();
    if (known === undefined) this.#durations.set(result, durations);
    durations.note(durationMs);
  }

  /** Those up to an id, but for those that are too many. */
  #inOrder(last: number): readonly Kept[] {
    const first = Math.max(this.#forgotten, this.ended - this.#capacity) + 1;
    return Object.values(this.#kept)
      .filter(({ id }) => (id ?? 0) <= last && (id ?? 0) >= first)
      .toSorted((one, other) => (one.id ?? 0) - (other.id ?? 0));
  }
}
