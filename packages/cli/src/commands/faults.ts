import { ControlError, FAULT_PROFILES, type ControlClient, type RuleState } from '@calltape/mock';
import { visible } from '@calltape/store';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';
import { runningMock } from '../running-mock.ts';
import type { FaultsFlags } from '../tables/faults.ts';
import { textTable, type Column } from '../text-table.ts';

const COLUMNS: readonly Column<RuleState>[] = [
  { title: 'ID', align: 'right', cell: ({ id }) => String(id) },
  { title: 'ON', align: 'left', cell: ({ on }) => (on ? 'on' : 'off') },
  { title: 'SEEN', align: 'right', cell: ({ seen }) => String(seen) },
  { title: 'STRUCK', align: 'right', cell: ({ fired }) => String(fired) },
  { title: 'RULE', align: 'left', cell: ({ text }) => visible(text) },
];

type Act = (mock: ControlClient, what: string) => Promise<unknown>;

/** The actions; all but `list` and `reset` are about something. */
const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['list', async () => undefined],
  ['add', async (mock, rule) => mock.addFault(rule)],
  ['remove', async (mock, id) => mock.removeFault(idOf(id))],
  ['on', async (mock, id) => mock.turnFault(idOf(id), true)],
  ['off', async (mock, id) => mock.turnFault(idOf(id), false)],
  ['profile', async (mock, name) => mock.setProfile(profileOf(name))],
  ['reset', async (mock) => mock.reset()],
]);
const ALONE: ReadonlySet<string> = new Set(['list', 'reset']);

export const faults: Run<FaultsFlags> = async ({ flag, arguments: words, output }) => {
  const [action = 'list', what] = words;
  const act = actOf(action, what);
  const mock = runningMock(flag('pid'));
  try {
    await act(mock, what ?? '');
    await show(mock, output);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw new CliError('CONTROL_REFUSED', error.message, { cause: error });
  }
  return EXIT.done;
};

function actOf(action: string, what: string | undefined): Act {
  const act = ACTS.get(action);
  if (act === undefined) {
    const known = [...ACTS.keys()].join(', ');
    throw new CliError(
      'ARGUMENT_INVALID',
      `"${visible(action)}" is no action: take one of ${known}.`,
    );
  }
  if (ALONE.has(action) === (what === undefined)) return act;
  throw new CliError(
    what === undefined ? 'ARGUMENT_MISSING' : 'ARGUMENT_UNEXPECTED',
    `"${action}" ${what === undefined ? 'needs' : 'takes no'} further word: see calltape faults --help.`,
  );
}

function idOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(
    'ARGUMENT_INVALID',
    `"${visible(text)}" is no id: calltape faults lists them.`,
  );
}

function profileOf(name: string): keyof typeof FAULT_PROFILES | null {
  if (name === 'none') return null;
  if (isProfile(name)) return name;
  const known = Object.keys(FAULT_PROFILES).join(', ');
  throw new CliError(
    'ARGUMENT_INVALID',
    `"${visible(name)}" is no profile: take one of ${known}, or none.`,
  );
}

function isProfile(name: string): name is keyof typeof FAULT_PROFILES {
  return Object.hasOwn(FAULT_PROFILES, name);
}

async function show(mock: ControlClient, output: Output): Promise<void> {
  const { rules, seed, profile } = await mock.faults();
  if (output.json) for (const rule of rules) await output.data(jsonLine(rule));
  else if (rules.length > 0) await output.data(textTable(rules, COLUMNS, output));
  const of = profile === null ? '' : `, profile ${profile}`;
  output.talk(rules.length === 0 ? `No fault rule; seed ${seed}${of}.` : `Seed ${seed}${of}.`);
}
