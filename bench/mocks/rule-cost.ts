// What fault rules that alter nothing cost, measured inside one process: two processes that run the same
// mock differ by more than that.
import { openMock, parseFault } from '@calltape/mock';
import type { OpenMock } from '@calltape/mock';
import { median } from '../contender.ts';
import type { BenchCalls } from './calls.ts';

const ROUNDS = 60;
/** Answers of a round, at least. */
const ANSWERS = 10_000;
const FIELDS = ['Host', '127.0.0.1:80', 'Accept', '*/*'];

type Call = Parameters<OpenMock['answer']>[0];

function callsOf({ calls }: BenchCalls): readonly Call[] {
  return calls.map(({ method, path: target, body }) => {
    const ownOrigin = 'http://127.0.0.1:80';
    const content = Buffer.from(body);
    return {
      ...({ method, target, httpVersion: '1.1', proxiedOrigin: null, ownOrigin } as const),
      headers: FIELDS,
      body: content,
    };
  });
}

/** Nanoseconds to decide on an answer. */
function roundOf(mock: OpenMock, calls: readonly Call[]): number {
  const times = Math.ceil(ANSWERS / calls.length);
  const startedAt = process.hrtime.bigint();
  for (let time = 0; time < times; time += 1) {
    for (const call of calls) mock.answer(call);
  }
  return Number(process.hrtime.bigint() - startedAt) / (times * calls.length);
}

/**
 * Nanoseconds that a mock takes to decide on an answer, without its way over the wire.
 *
 * @param sets - Fault rules, each for a mock of its own; all are measured in turn.
 */
export function decisionTimes(
  calls: BenchCalls,
  sets: readonly (readonly string[])[],
): readonly number[] {
  const all = callsOf(calls);
  const mocks = sets.map((rules) => {
    return { mock: openMock({ tapes: [calls.tape], faults: rules.map(parseFault) }), ns: [0] };
  });
  for (let round = -ROUNDS / 2; round < ROUNDS; round += 1) {
    for (const { mock, ns } of round % 2 === 0 ? mocks : mocks.toReversed()) {
      const took = roundOf(mock, all);
      if (round === 0) ns.length = 0;
      ns.push(took);
    }
  }
  return mocks.map(({ ns }) => median(ns));
}
