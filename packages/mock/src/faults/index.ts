import type { FaultKind } from '../fault.ts';
import { latency } from './latency.ts';
import { reset } from './reset.ts';
import { status } from './status.ts';
import { timeout } from './timeout.ts';
import { truncate } from './truncate.ts';

/**
 * Every kind of fault, by the name that users type. To add one: write a file beside this one that
 * exports a `FaultKind` (its `parse` reads the rule's value and keys and returns a pure function
 * from Plan to Plan), name it here, add its row to the table in docs/mock.md and its tests to
 * test/faults. Nothing else knows a fault by name.
 */
export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(
  [latency, reset, status, timeout, truncate].map((kind) => [kind.name, kind]),
);
