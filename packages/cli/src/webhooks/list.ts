import { DeliveryCollector, type WebhookDelivery } from '@calltape/mock';
import { openTape, visible, type Tape, type TapeQuery } from '@calltape/store';
import { callQuery } from '../call-query.ts';
import type { Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';
import { withProgress } from '../progress.ts';
import type { WebhooksFlags } from '../tables/webhooks.ts';
import { textTable, type Column } from '../text-table.ts';
import { isoTime, secondText } from '../units.ts';

const COLUMNS: readonly Column<WebhookDelivery>[] = [
  { title: 'ID', align: 'right', cell: ({ id }) => String(id) },
  { title: 'TIME (UTC)', align: 'left', cell: ({ startedAt }) => secondText(startedAt) },
  { title: 'PROVIDER', align: 'left', cell: ({ provider }) => provider },
  { title: 'EVENT', align: 'left', cell: ({ event }) => visible(event ?? '') },
  { title: 'STATUS', align: 'left', cell: ({ status, outcome }) => String(status ?? outcome) },
  { title: 'ATTEMPTS', align: 'right', cell: ({ calls }) => String(calls.length) },
  { title: 'URL', align: 'left', cell: ({ url }) => visible(url) },
];

/** A line a delivery, the newest last. */
export async function listWebhooks(invocation: Invocation<WebhooksFlags>): Promise<ExitCode> {
  const { flag, arguments: words, tape: file, output } = invocation;
  const tape = openTape(file);
  try {
    const query = callQuery(tape, words, flag('recording'));
    const all = await deliveriesOn(tape, query, flag('all'), output);
    const rows = all.slice(-flag('limit'));
    if (output.json) for (const row of rows) await output.data(jsonLine(deliveryJson(row)));
    else if (rows.length > 0) await output.data(textTable(rows, COLUMNS, output));
    else output.talk(nothing(file, flag('all')));
    return EXIT.done;
  } finally {
    tape.close();
  }
}

/** The deliveries on a tape, in the order of their newest calls. */
export async function deliveriesOn(
  tape: Tape,
  query: TapeQuery,
  all: boolean,
  output: Output,
): Promise<WebhookDelivery[]> {
  const collector = new DeliveryCollector(all);
  const total = tape.count(query);
  const exchanges = withProgress(
    tape.exchanges(query),
    { doing: 'Reading', unit: 'call', total },
    output,
  );
  for await (const exchange of exchanges) collector.add(exchange);
  return collector.deliveries();
}

function nothing(file: string, all: boolean): string {
  if (all) return `No calls to an app on ${file}.`;
  return `No webhooks of known providers on ${file}. With --all other calls to your app are listed too.`;
}

function deliveryJson(row: WebhookDelivery): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    started_at: isoTime(row.startedAt),
    provider: row.provider,
    event: row.event,
    method: row.method,
    url: row.url,
    status: row.status,
    outcome: row.outcome,
    attempts: row.calls.length,
    calls: row.calls,
  };
}
