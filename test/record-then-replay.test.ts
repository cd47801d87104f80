import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import type { CallRow } from '@calltape/store';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCalltape, serveCalltape } from '../scripts/calltape-process.ts';
import { slackStory, whoAmIOnSlack } from './stories/slack.ts';
import { readStripeCustomers, stripeStory } from './stories/stripe.ts';

interface System {
  readonly name: 'stripe' | 'slack';
  /** Several calls; resolves with all that the client returned. */
  readonly story: (url: string) => Promise<unknown[]>;
  /** One call, for the faults. */
  readonly probe: (url: string) => Promise<unknown>;
  /** The fault whose retries the client is known to make, and what it answers while it lasts. */
  readonly fault: string;
  readonly status: number;
}

const SYSTEMS: readonly System[] = [
  {
    name: 'stripe',
    story: stripeStory,
    probe: readStripeCustomers,
    fault: 'GET /v1/customers status=503 first=2',
    status: 503,
  },
  {
    name: 'slack',
    story: slackStory,
    probe: whoAmIOnSlack,
    fault: '* /api/auth.test status=429 retry-after=1 first=2',
    status: 429,
  },
];

const RESET = '* /** reset first=1';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-story-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function callsOn(file: string): CallRow[] {
  const tape = openTape(file);
  const calls = tape.calls();
  tape.close();
  return calls;
}

/** Replays one probe under a fault, with what was served written to a tape of its own. */
async function probeUnderFault(system: System, tape: string, fault: string, served: string) {
  const args = ['mock', tape, '--port', '0', '--fault', fault, '--seed', '7', '--served', served];
  const mock = await serveCalltape(args);
  const result = await system.probe(mock.url);
  const { code, stderr } = await mock.stop();
  return { result, code, stderr };
}

describe.each(SYSTEMS)('$name, with its own client', (system) => {
  let tape: string;
  let told: unknown[];
  let probed: unknown;

  // The emulator is stopped here: everything after this is offline.
  beforeAll(async () => {
    tape = join(folder, `${system.name}.tape`);
    const emulator = await createEmulator({ service: system.name, port: 0 });
    try {
      const recorder = await serveCalltape(['record', emulator.url, '--port', '0', '--tape', tape]);
      told = await system.story(recorder.url);
      probed = await system.probe(recorder.url);
      const { code, stderr } = await recorder.stop();
      expect({ code, stderr }).toMatchObject({ code: 0 });
    } finally {
      await emulator.close();
    }
  });

  test('every call is on the tape, whole, and no secret is', () => {
    const calls = callsOn(tape);
    expect(calls.length).toBeGreaterThanOrEqual(told.length + 1);
    expect(calls.filter((call) => call.outcome !== 'complete')).toEqual([]);
    const bytes = readFileSync(tape).toString('latin1');
    expect(bytes).not.toContain('CalltapeStory');
  });

  test('offline, the client is told exactly the same', async () => {
    const mock = await serveCalltape(['mock', tape, '--port', '0']);
    const replayed = await system.story(mock.url);
    const { code } = await mock.stop();
    expect(replayed).toEqual(told);
    expect(code).toBe(0);
  });

  test(`the client's own retries get over ${system.fault}`, async () => {
    const served = join(folder, `${system.name}-status.tape`);
    const { result, code, stderr } = await probeUnderFault(system, tape, system.fault, served);
    expect(result).toEqual(probed);
    expect(code).toBe(0);
    expect(stderr).toContain('seed 7');
    const calls = callsOn(served);
    expect(calls.map((call) => call.status)).toEqual([system.status, system.status, 200]);
    expect(calls.map((call) => call.fault)).toEqual([system.fault, system.fault, null]);
    expect(calls.every((call) => call.source === 'mock')).toBe(true);
  });

  test("the client's own retry gets over a reset connection", async () => {
    const served = join(folder, `${system.name}-reset.tape`);
    const { result } = await probeUnderFault(system, tape, RESET, served);
    expect(result).toEqual(probed);
    const calls = callsOn(served);
    expect(calls.map((call) => call.outcome)).toEqual(['error', 'complete']);
    expect(calls.map((call) => call.fault)).toEqual([RESET, null]);
  });

  test('the dashboard shows the failures and that they were injected', async () => {
    const statuses = ['dashboard', '--tape', join(folder, `${system.name}-status.tape`)];
    const afterStatus = await runCalltape(statuses);
    expect(afterStatus.code).toBe(0);
    expect(afterStatus.stdout).toContain('3 calls');
    expect(afterStatus.stdout).toContain(system.fault);

    const resets = ['dashboard', '--tape', join(folder, `${system.name}-reset.tape`)];
    const afterReset = await runCalltape(resets);
    expect(afterReset.code).toBe(0);
    expect(afterReset.stdout).toContain('2 calls');
    expect(afterReset.stdout).toContain(RESET);
  });
});
