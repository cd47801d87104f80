import type { PlayOptions } from '../open-mock.ts';
import { parseMatchRules } from '../parse-match.ts';

/** What a mock answers, in a form that can be sent to another thread: rules are the texts they were. */
export interface WorkerPlay extends Omit<PlayOptions, 'faults' | 'rules' | 'served' | 'keepCalls'> {
  readonly rules: readonly string[];
}

/** Fault rules go another way, for they may have been changed since the start. */
export function workerPlay(options: PlayOptions): WorkerPlay {
  const { served: _, keepCalls: _keepCalls, faults: _faults, rules = [], ...rest } = options;
  return { ...rest, rules: rules.map(({ text }) => text) };
}

export function playOfWorker({ rules, ...rest }: WorkerPlay): PlayOptions {
  return { ...rest, rules: parseMatchRules(`[${rules.join()}]`, 'the rules of the mock') };
}
