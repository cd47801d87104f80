import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FindMock, MockControl } from '@calltape/dashboard';
import {
  controlClient,
  ControlError,
  controlNotes,
  FAULT_PROFILES,
  type ControlNote,
  type FaultProfile,
} from '@calltape/mock';
import { calltapeHome } from '@calltape/store';

/** Whoever looks at a screen does not wait longer to be told that nothing comes. */
const PATIENCE_MS = 2_000;

const PROFILES = Object.keys(FAULT_PROFILES);

function isProfile(name: string): name is FaultProfile {
  return Object.hasOwn(FAULT_PROFILES, name);
}

/** The same file, however it is named. */
function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}

function profileOf(name: string | null): FaultProfile | null {
  if (name === null || isProfile(name)) return name;
  throw new ControlError('PROFILE_UNKNOWN', `There is no profile ${name}.`);
}

function controlOf({ url, token }: ControlNote): MockControl {
  const mock = controlClient(url, token, PATIENCE_MS);
  return {
    now: async () => {
      const [faults, missed] = await Promise.all([mock.faults(), mock.misses()]);
      return { ...faults, ...missed };
    },
    turnRule: async (id, on) => mock.turnFault(id, on),
    addRule: async (rule) => mock.addFault(rule),
    setProfile: async (name) => mock.setProfile(profileOf(name)),
    reset: async () => mock.reset(),
    profiles: PROFILES,
  };
}

/** Finds the mock of this user that writes what it answers onto a tape, where it can be controlled. */
export function mockOfTape(file: string): FindMock {
  const tape = realOf(file);
  return () => {
    const note = controlNotes(calltapeHome()).find(
      ({ served }) => served !== null && realOf(served) === tape,
    );
    return note === undefined ? null : controlOf(note);
  };
}
