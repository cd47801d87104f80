import type { FaultKind } from '../fault.ts';
import { bandwidth } from './bandwidth.ts';
import { close } from './close.ts';
import { drift } from './drift.ts';
import { empty } from './empty.ts';
import { garbage } from './garbage.ts';
import { latency } from './latency.ts';
import { loseReply } from './lose-reply.ts';
import { malformed } from './malformed.ts';
import { rateLimit } from './rate-limit.ts';
import { reset } from './reset.ts';
import { schemaFault } from './schema.ts';
import { SCHEMA_CHANGES } from './schema-changes.ts';
import { slowClose } from './slow-close.ts';
import { status } from './status.ts';
import { timeout } from './timeout.ts';
import { truncate } from './truncate.ts';
import { unauthorized } from './unauthorized.ts';

const KINDS: readonly FaultKind[] = [
  latency,
  bandwidth,
  timeout,
  reset,
  close,
  empty,
  truncate,
  malformed,
  garbage,
  slowClose,
  loseReply,
  status,
  rateLimit,
  unauthorized,
  ...SCHEMA_CHANGES.map(schemaFault),
  drift,
];

/**
 * Every kind of fault, by the name that users type. To add one: write a file beside this one that
 * exports a `FaultKind` (its `parse` reads the rule's value and keys and returns a pure function
 * from Plan to Plan), name it here, add its row to the table in docs/faults.md, an example to
 * scripts/fault-table/cases.ts and its tests. Nothing else knows a fault by name.
 */
export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(
  KINDS.map((kind) => [kind.name, kind]),
);
