import {
  EndpointRuleError,
  endpointRuleText,
  endpointsOfTape,
  openTape,
  parseEndpointRule,
  repairEndpoints,
  TapeError,
  visible,
  type LearnedEndpoint,
  type TapeEndpoints,
} from '@calltape/store';
import type { Run } from '../command.ts';
import { readConfig, writeEndpoints } from '../config-file.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';
import type { EndpointsFlags } from '../tables/endpoints.ts';
import { textTable, type Column } from '../text-table.ts';
import { counted } from '../units.ts';

const COLUMNS: readonly Column<LearnedEndpoint>[] = [
  { title: 'METHOD', align: 'left', cell: (row) => visible(row.method) },
  { title: 'ENDPOINT', align: 'left', cell: (row) => visible(row.origin + row.template) },
  { title: 'CALLS', align: 'right', cell: (row) => String(row.calls) },
  { title: 'SURE', align: 'right', cell: (row) => `${Math.round(row.confidence * 100)}%` },
  { title: 'WHY', align: 'left', cell: (row) => visible(row.reason) },
  { title: 'SUCH AS', align: 'left', cell: (row) => visible(row.members.slice(0, 2).join(' ')) },
];

/** Why a tape may stay as it is though its endpoints were learned. */
const LEFT_ALONE: ReadonlySet<string> = new Set(['TAPE_UNWRITABLE', 'TAPE_BUSY']);

export const endpoints: Run<EndpointsFlags> = async (invocation) => {
  const { flag, arguments: words, tape: file, output } = invocation;
  const [action, ...templates] = words;
  if (action === 'set' || action === 'unset') {
    correct(action, templates, flag('config'), output);
    return EXIT.done;
  }
  const { rules } = readConfig(flag('config'));
  const tape = openTape(file);
  let learned: TapeEndpoints;
  try {
    learned = endpointsOfTape(tape, { rules });
  } finally {
    tape.close();
  }
  if (!flag('dry-run')) repair(file, learned, output);
  const rows = learned.endpoints.filter((row) => words.every((word) => isIn(row, word)));
  await output.data(
    output.json
      ? jsonLine({ endpoints: rows.map((row) => endpointJson(row)) })
      : textTable(rows, COLUMNS, output),
  );
  return EXIT.done;
};

function isIn({ method, origin, template }: LearnedEndpoint, word: string): boolean {
  return `${method} ${origin}${template}`.toLowerCase().includes(word.toLowerCase());
}

function repair(file: string, learned: TapeEndpoints, output: Output): void {
  try {
    const repaired = repairEndpoints(file, learned);
    if (repaired > 0) output.talk(`${counted(repaired, 'call')} on ${file} got another endpoint.`);
  } catch (error) {
    if (!(error instanceof TapeError) || !LEFT_ALONE.has(error.code)) throw error;
    output.warn(`The tape keeps its earlier endpoints: ${error.message}`);
  }
}

function correct(
  action: 'set' | 'unset',
  templates: readonly string[],
  file: string | undefined,
  output: Output,
): void {
  if (templates.length === 0) {
    throw new CliError(
      'ARGUMENT_MISSING',
      `"${action}" needs a template, such as 'GET /v1/things/{thing}'.`,
    );
  }
  const given = templates.map((template) => ruleText(template));
  const before = readConfig(file).rules.map((rule) => endpointRuleText(rule));
  const kept = before.filter((one) => !given.includes(one));
  if (action === 'unset' && kept.length === before.length) {
    throw new CliError(
      'ARGUMENT_INVALID',
      `There is no correction "${visible(given.join(', '))}" to take back.`,
    );
  }
  writeEndpoints(file, action === 'set' ? [...kept, ...given] : kept);
  output.talk('Noted. calltape endpoints shows what becomes of it, also for calls made before.');
}

function ruleText(template: string): string {
  try {
    return endpointRuleText(parseEndpointRule(template));
  } catch (error) {
    if (!(error instanceof EndpointRuleError)) throw error;
    throw new CliError('ARGUMENT_INVALID', visible(error.message));
  }
}

function endpointJson(row: LearnedEndpoint): unknown {
  const { method, origin, template, calls, members, confidence, reason, parameters } = row;
  return {
    method,
    origin,
    path_template: template,
    calls,
    members,
    confidence,
    reason,
    parameters: parameters.map(({ name, foundBy }) => ({ name, found_by: foundBy })),
  };
}
