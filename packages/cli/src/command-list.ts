import type { CommandSpec, Invocation, Run } from './command.ts';
import type { AnyExitCode } from './exit-codes.ts';
import type { Flag, FlagTable } from './flag.ts';
import { flagReader, type GivenFlags } from './flag-reader.ts';
import { CA } from './tables/ca.ts';
import { CALLS } from './tables/calls.ts';
import { DASHBOARD } from './tables/dashboard.ts';
import { DOCTOR } from './tables/doctor.ts';
import { DRIFT } from './tables/drift.ts';
import { ENDPOINTS } from './tables/endpoints.ts';
import { ENV } from './tables/env.ts';
import { EXPORT } from './tables/export.ts';
import { FAULTS } from './tables/faults.ts';
import { IMPORT } from './tables/import.ts';
import { MOCK } from './tables/mock.ts';
import { PRUNE } from './tables/prune.ts';
import { RECORD } from './tables/record.ts';
import { RECORDINGS } from './tables/recordings.ts';
import { RUN } from './tables/run.ts';
import { SCAN } from './tables/scan.ts';
import { SHOW } from './tables/show.ts';
import { WEBHOOKS } from './tables/webhooks.ts';

export type AnyFlags = Readonly<Record<string, Flag<unknown>>>;

/** What a command is run with besides its own flags. */
export type Surroundings = Omit<Invocation<unknown>, 'flag' | 'given'>;

/** A command whose flags' types are known only inside. */
export interface Command {
  readonly spec: Omit<CommandSpec<unknown>, 'flags'> & { readonly flags: AnyFlags };
  /** Reads the flags, then gives back what runs the command. Throws CliError FLAG_VALUE. */
  readonly prepare: (given: GivenFlags) => (surroundings: Surroundings) => Promise<AnyExitCode>;
}

/**
 * Every command, in the order the help text lists them. To add one: its table in `tables/`, its
 * doing in `commands/`, and a line here. Commands are imported when they run, so that none waits
 * for what another needs.
 */
export const COMMANDS: readonly Command[] = [
  command(RECORD, async () => (await import('./commands/record.ts')).record),
  command(RUN, async () => (await import('./commands/run.ts')).run),
  command(ENV, async () => (await import('./commands/env.ts')).env),
  command(DOCTOR, async () => (await import('./commands/doctor.ts')).doctor),
  command(MOCK, async () => (await import('./commands/mock.ts')).mock),
  command(FAULTS, async () => (await import('./commands/faults.ts')).faults),
  command(DASHBOARD, async () => (await import('./commands/dashboard.ts')).dashboard),
  command(CALLS, async () => (await import('./commands/calls.ts')).calls),
  command(SHOW, async () => (await import('./commands/show.ts')).show),
  command(ENDPOINTS, async () => (await import('./commands/endpoints.ts')).endpoints),
  command(DRIFT, async () => (await import('./commands/drift.ts')).drift),
  command(RECORDINGS, async () => (await import('./commands/recordings.ts')).recordings),
  command(WEBHOOKS, async () => (await import('./commands/webhooks.ts')).webhooks),
  command(EXPORT, async () => (await import('./commands/export.ts')).exportCalls),
  command(IMPORT, async () => (await import('./commands/import.ts')).importCallsOf),
  command(PRUNE, async () => (await import('./commands/prune.ts')).prune),
  command(SCAN, async () => (await import('./commands/scan.ts')).scan),
  command(CA, async () => (await import('./commands/ca.ts')).ca),
];

function command<F>(spec: CommandSpec<F>, load: () => Promise<Run<F>>): Command {
  return {
    spec: { ...spec, flags: anyFlags(spec.flags) },
    prepare: (given) => {
      const flag = flagReader(spec.flags, given);
      return async (surroundings) => {
        const run = await load();
        return run({ ...surroundings, flag, given });
      };
    },
  };
}

function anyFlags<F>(table: FlagTable<F>): AnyFlags {
  return Object.fromEntries(Object.entries<Flag<unknown>>(table));
}
