import { randomBytes } from 'node:crypto';
import type { Family } from '../metrics/family.ts';
import type { OpenMock } from '../open-mock.ts';
import type { FaultProfile } from '../profiles.ts';
import { ControlApi } from './control-api.ts';
import { startLocalServer } from './local-server.ts';
import { ProfileInForce } from './profile.ts';

export interface ControlOptions {
  /** On 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  /** The profile that the first fault rules of the mock are those of. Default: none. */
  readonly profile?: FaultProfile | null;
  /** What `GET /health` says of it. */
  readonly version?: string;
  /** Figures for `GET /metrics` besides those of the mock. */
  readonly families?: () => readonly Family[];
}

/** The control API of a mock that runs. */
export interface Control {
  readonly url: string;
  readonly port: number;
  /** What every client has to show, as `Authorization: Bearer TOKEN`. New with every start. */
  readonly token: string;
  close(): Promise<void>;
}

/** How many answers a mock with a control API keeps in memory. */
export const JOURNAL_LENGTH = 1_000;

/**
 * Starts the control API of a mock, which should have a journal.
 *
 * @throws MockError PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID or LISTEN_FAILED.
 */
export async function startControl(
  mock: OpenMock,
  { port, profile = null, version, families = () => [] }: ControlOptions,
): Promise<Control> {
  const token = randomBytes(32).toString('base64url');
  const api = new ControlApi({
    mock,
    profile: new ProfileInForce(mock.faults, profile),
    tapes: mock.tapes,
    version: version ?? null,
    startedAt: performance.now(),
    families,
  });
  const server = await startLocalServer({ port, token, answer: (request) => api.answer(request) });
  return { url: server.url, port: server.port, token, close: async () => server.close() };
}
