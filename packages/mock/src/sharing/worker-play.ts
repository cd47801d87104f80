import { MockError } from '../errors.ts';
import type { OpenMock, PlayOptions } from '../open-mock.ts';
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

/**
 * Refuses what several threads would not do as one does.
 *
 * @throws MockError WORKERS_REFUSED
 */
export function checkShareable(mock: OpenMock): void {
  if (mock.options.served === undefined || !mock.hasWebSockets) return;
  throw new MockError(
    'WORKERS_REFUSED',
    'Failed to start workers: the tape has WebSockets, and the served tape cannot take those of all workers. Leave out --workers, or --served.',
  );
}
