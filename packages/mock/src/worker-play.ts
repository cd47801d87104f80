import { MockError } from './errors.ts';
import type { OpenMock, PlayOptions } from './open-mock.ts';
import { parseFault } from './parse-fault.ts';
import { parseMatchRules } from './parse-match.ts';

/** What a mock answers, in a form that can be sent to another thread: rules are the texts they were. */
export interface WorkerPlay extends Omit<PlayOptions, 'faults' | 'rules' | 'served' | 'keepCalls'> {
  readonly faults: readonly string[];
  readonly rules: readonly string[];
}

export function workerPlay(options: PlayOptions): WorkerPlay {
  const { served: _served, keepCalls: _keepCalls, faults = [], rules = [], ...rest } = options;
  return {
    ...rest,
    faults: faults.map(({ text }) => text),
    rules: rules.map(({ text }) => text),
  };
}

export function playOfWorker({ faults, rules, ...rest }: WorkerPlay): PlayOptions {
  return {
    ...rest,
    faults: faults.map(parseFault),
    rules: parseMatchRules(`[${rules.join()}]`, 'the rules of the mock'),
  };
}

// Conditions of these keys go by the clock of the thread that they are asked in.
const BY_THE_CLOCK = /\s(?:between|for)=/;

function refusal(reason: string): MockError {
  return new MockError(
    'WORKERS_REFUSED',
    `Failed to start workers: ${reason}. Leave out --workers, or that.`,
  );
}

/**
 * Refuses what several threads would not do as one does.
 *
 * @throws MockError WORKERS_REFUSED
 */
export function checkShareable(mock: OpenMock): void {
  const { faults = [], shiftTime = false, served } = mock.options;
  const own = faults.find(({ text, quota }) => quota !== null || BY_THE_CLOCK.test(text));
  if (own !== undefined) {
    throw refusal(`the fault rule "${own.text}" goes by time, and each worker has its own clock`);
  }
  if (shiftTime) {
    throw refusal('times are moved to the present, and each worker has its own clock');
  }
  if (served !== undefined && mock.hasWebSockets) {
    throw refusal('the tape has WebSockets, and the served tape cannot take those of all workers');
  }
  if (mock.patterns > 0) {
    throw refusal('the state of mappings and descriptions is kept by each worker for itself');
  }
  if (mock.journal !== null) {
    throw refusal('the control API and the figures would be about one of the workers alone');
  }
}
