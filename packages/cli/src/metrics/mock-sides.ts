import { resolve } from 'node:path';
import {
  leaveControlNote,
  mockFamilies,
  startControl,
  startMetricsServer,
  type Control,
  type FaultProfile,
  type Family,
  type LocalServer,
  type OpenMock,
} from '@calltape/mock';
import { calltapeHome, type TapeWriter } from '@calltape/store';
import type { FlagReader } from '../flag-reader.ts';
import type { Beside } from '../serving.ts';
import type { MockFlags } from '../tables/mock.ts';
import { ownVersion } from '../version.ts';
import { programFamilies } from './program-families.ts';
import { tapeFamilies } from './tape-families.ts';

/** Which servers are wanted beside a mock. */
export interface SidesWanted {
  readonly controlPort: number | undefined;
  readonly metricsPort: number | undefined;
  /** The profile that the first fault rules are those of. */
  readonly profile: FaultProfile | undefined;
}

export function sidesWanted(
  flag: FlagReader<Pick<MockFlags, 'control-port' | 'metrics-port' | 'profile'>>,
): SidesWanted {
  return {
    controlPort: flag('control-port'),
    metricsPort: flag('metrics-port'),
    profile: flag('profile'),
  };
}

/** The servers beside a mock. */
export interface MockSides {
  readonly control: Control | null;
  readonly metrics: LocalServer | null;
  /** The ports that no call may be passed on to. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** Starts the servers beside a mock, and leaves a note for the user's other programs. */
export async function openMockSides(
  mock: OpenMock,
  { controlPort, metricsPort, profile }: SidesWanted,
  served: TapeWriter | null,
  recorded: TapeWriter | null,
): Promise<MockSides> {
  const families = (): Family[] => [...programFamilies(), ...tapeFamilies({ served, recorded })];
  const options = { profile: profile ?? null, version: ownVersion(), families };
  const control =
    controlPort === undefined ? null : await startControl(mock, { port: controlPort, ...options });
  const metrics =
    metricsPort === undefined
      ? null
      : await startMetricsServer(metricsPort, async () => {
          await mock.gather();
          return [...mockFamilies(mock), ...families()];
        }).catch(async (error: unknown) => {
          await control?.close();
          throw error;
        });
  const takeNoteAway = control === null ? null : leaveNote(control, mock, served);
  return {
    control,
    metrics,
    ports: [control, metrics].flatMap((server) => server?.port ?? []),
    close: async () => {
      takeNoteAway?.();
      await control?.close();
      await metrics?.close();
    },
  };
}

function leaveNote(control: Control, { tapes }: OpenMock, served: TapeWriter | null): () => void {
  return leaveControlNote(calltapeHome(), {
    pid: process.pid,
    url: control.url,
    token: control.token,
    tapes: tapes.map((tape) => resolve(tape)),
    served: served === null ? null : resolve(served.file),
    startedAt: Date.now(),
  });
}

/** Where the servers beside a mock are, for whoever reads JSON. */
export function besideOf({ control, metrics }: Pick<MockSides, 'control' | 'metrics'>): Beside {
  return {
    ...(control === null ? {} : { control: { url: control.url, token: control.token } }),
    ...(metrics === null ? {} : { metrics: `${metrics.url}/metrics` }),
  };
}

/** The same for people. */
export function besideLines({
  control,
  metrics,
}: Pick<MockSides, 'control' | 'metrics'>): string[] {
  return [
    ...(control === null ? [] : [`Control API at ${control.url}, token ${control.token}`]),
    ...(metrics === null ? [] : [`Figures at ${metrics.url}/metrics`]),
  ];
}
