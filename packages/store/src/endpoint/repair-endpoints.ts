import type Database from 'better-sqlite3';
import { openExisting } from '../database.ts';
import type { Endpoint } from '../exchange.ts';
import { patiently } from '../patiently.ts';
import { openTape } from '../tape.ts';
import { OperationFinder } from './learn-endpoints.ts';
import type { TapeEndpoints } from './learn-endpoints.ts';

const CALLS_A_STEP = 500;
const PATIENCE_MS = 10_000;

interface Change extends Endpoint {
  readonly id: number;
}

/** Writes endpoints onto the tape; a row of `endpoint` is never deleted, as recorders know its id. */
class EndpointColumn {
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #update: Database.Statement;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#insert = database.prepare(
      'INSERT INTO endpoint (method, origin, template) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#update = database.prepare(
      `UPDATE exchange SET endpoint_id =
         (SELECT e.id FROM endpoint AS e WHERE e.method = ? AND e.origin = ? AND e.template = ?)
       WHERE id = ?`,
    );
  }

  /** In one transaction, short enough for a recorder beside it to wait for. */
  write(changes: readonly Change[]): void {
    const step = this.#database.transaction(() => {
      for (const { id, method, origin, template } of changes) {
        this.#insert.run(method, origin, template);
        this.#update.run(method, origin, template, id);
      }
    });
    patiently(() => step.immediate(), PATIENCE_MS);
  }
}

function* changesOf(file: string, learned: TapeEndpoints): IterableIterator<Change> {
  const tape = openTape(file);
  try {
    const operations = new OperationFinder(tape);
    for (const call of tape.glimpses().all()) {
      const operation = operations.operationOf(call);
      const { method, origin, template } = learned.endpointOf({
        method: call.method,
        url: call.url,
        operation,
      });
      // The origin stays: it may have been written in another way.
      if (template === call.template) continue;
      yield { id: call.id, method, origin: call.origin === '' ? origin : call.origin, template };
    }
  } finally {
    tape.close();
  }
}

/**
 * Gives the calls of a tape the endpoints that were learned, in transactions of 500 calls; a recorder
 * may go on writing beside it. A tape on which nothing changes is not written to.
 *
 * @returns how many calls have another endpoint now.
 * @throws TapeError when the tape cannot be written.
 */
export function repairEndpoints(file: string, learned: TapeEndpoints): number {
  let column: { database: Database.Database; write: EndpointColumn } | null = null;
  let repaired = 0;
  let step: Change[] = [];
  const flush = (): void => {
    if (step.length === 0) return;
    if (column === null) {
      const database = openExisting(file);
      database.pragma('busy_timeout = 0');
      column = { database, write: new EndpointColumn(database) };
    }
    column.write.write(step);
    repaired += step.length;
    step = [];
  };
  try {
    for (const change of changesOf(file, learned)) {
      step.push(change);
      if (step.length >= CALLS_A_STEP) flush();
    }
    flush();
    return repaired;
  } finally {
    closeColumn(column);
  }
}

function closeColumn(column: { readonly database: Database.Database } | null): void {
  column?.database.close();
}
