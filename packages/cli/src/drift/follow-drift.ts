import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Drift } from '@calltape/drift';
import {
  endpointsOfTape,
  openFindingWriter,
  openTape,
  type Exchange,
  type Tape,
  type TapeEndpoints,
} from '@calltape/store';
import type { Config } from '../config-file.ts';
import { abortAfter, untilChanged } from '../follow-calls.ts';
import { jsonLine, type Output } from '../output.ts';
import { counted } from '../units.ts';
import type { Asked } from './compared.ts';
import { findingJson } from './drift-json.ts';
import { driftText } from './drift-text.ts';
import { FoundSoFar } from './found-so-far.ts';
import { learnedCallOf } from './learned-call-of.ts';
import { liveBaseline, type LiveBaseline } from './live-baseline.ts';
import { LiveCalls } from './live-calls.ts';

const LOOK_EVERY_MS = 1000;

/**
 * Compares the calls that come onto a tape with a baseline until `stop`, tells each finding once and keeps
 * them on the tape.
 *
 * @returns all that was found.
 */
export async function followDrift(
  asked: Asked,
  config: Config,
  output: Output,
  stop: Promise<void>,
): Promise<readonly Drift[]> {
  const writer = openFindingWriter(asked.tape);
  try {
    const baseline = await liveBaseline(asked, config);
    const tape = openTape(asked.tape);
    try {
      output.talk(
        `Comparing what comes onto ${tape.file} with ${baseline.before}. Ctrl-C ends it.`,
      );
      const follower = new Follower(tape, baseline, config, new FoundSoFar(writer));
      return await follower.follow(output, stop);
    } finally {
      tape.close();
    }
  } finally {
    writer.close();
  }
}

class Follower {
  readonly #tape: Tape;
  readonly #baseline: LiveBaseline;
  readonly #endpoints: TapeEndpoints;
  readonly #live: LiveCalls;
  readonly #found: FoundSoFar;
  #calls = 0;

  constructor(tape: Tape, baseline: LiveBaseline, { rules }: Config, found: FoundSoFar) {
    this.#tape = tape;
    this.#baseline = baseline;
    this.#endpoints = endpointsOfTape(tape, { rules: [...rules, ...baseline.rules] });
    this.#live = new LiveCalls(tape, baseline.lastId);
    this.#found = found;
  }

  async follow(output: Output, stop: Promise<void>): Promise<readonly Drift[]> {
    const stopping = new AbortController();
    void abortAfter(stop, stopping);
    const { signal } = stopping;
    const found = this.#found;
    let isLast = false;
    let isWritten = false;
    while (!isLast) {
      isLast = signal.aborted;
      const before = this.#calls;
      await this.#takeIn(signal);
      const isNews = this.#calls > before;
      if (isNews) await this.#tell(found.take(this.#baseline.judge.look()), output);
      if (isNews || !isWritten) isWritten = found.write();
      // An abort ends the delay early, as an error that is none here.
      if (isNews || !isWritten)
        await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      else await untilChanged(this.#tape, signal);
    }
    const words = `${counted(this.#calls, 'call')} compared with ${this.#baseline.before}`;
    output.talk(`${words}: ${severitiesText(found.all)}.`);
    if (!isWritten)
      output.warn(`The tape was locked: not all that was found is on ${this.#tape.file}.`);
    return found.all;
  }

  /** All that is there now; at the abort, one page of it. */
  async #takeIn(signal: AbortSignal): Promise<void> {
    let page = this.#live.next();
    while (page !== null) {
      for (const exchange of page) this.#learn(exchange);
      await nextTurn();
      page = signal.aborted ? null : this.#live.next();
    }
  }

  #learn(exchange: Exchange): void {
    this.#calls += 1;
    // What a fault made of an answer is not how the API is.
    if (exchange.fault !== null) return;
    this.#baseline.judge.add(learnedCallOf(exchange, this.#endpoints.endpointOf(exchange)));
  }

  async #tell(drifts: readonly Drift[], output: Output): Promise<void> {
    if (output.json) {
      for (const drift of drifts) await output.data(jsonLine(findingJson(drift)));
    } else if (drifts.length > 0) {
      const { file } = this.#tape;
      const sides = [this.#baseline.side, { name: file, tape: file }] as const;
      await output.data(`${driftText(drifts, sides)}\n`);
    }
  }
}

function severitiesText(drifts: readonly Drift[]): string {
  const counts = (['breaking', 'warning', 'info'] as const).flatMap((severity) => {
    const many = drifts.filter((drift) => drift.severity === severity).length;
    return many === 0 ? [] : [`${many} ${severity}`];
  });
  return counts.length === 0 ? 'nothing changed by more than chance' : counts.join(', ');
}
