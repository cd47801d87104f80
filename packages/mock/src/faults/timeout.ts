import type { FaultKind } from '../fault.ts';

/** No answer at all: the connection stays open and silent until the client gives up. */
export const timeout: FaultKind = {
  name: 'timeout',
  usage: 'timeout',
  keys: [],
  keepsAnswer: false,
  parse({ value, refuse }) {
    if (value !== undefined) {
      throw refuse(
        `timeout=${value}`,
        'timeout takes no value, as the answer never comes: timeout',
      );
    }
    return () => [{ kind: 'hang' }];
  },
};
