import type { FaultKind } from '../fault.ts';
import { leadingWaits } from '../plan-parts.ts';
import type { Random } from '../random.ts';
import { plainKind } from './plain-kind.ts';

const LENGTH = 64;

/** The first byte is never the H that an HTTP/1 status line begins with. */
function garbageOf(random: Random): Uint8Array {
  const bytes = Uint8Array.from({ length: LENGTH }, () => Math.floor(random() * 256));
  bytes[0] = 0x80 + Math.floor(random() * 0x80);
  return bytes;
}

/** Bytes that are no HTTP in place of the answer, then FIN. */
export const garbage: FaultKind = plainKind('garbage', (plan, { random }) => [
  ...leadingWaits(plan),
  { kind: 'raw', bytes: garbageOf(random) },
  { kind: 'close' },
]);
