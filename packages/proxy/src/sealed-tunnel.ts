import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import type { Origin } from './origin.ts';

function joined(one: Socket, other: Socket): void {
  one.pipe(other);
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
}

/**
 * Passes the bytes of an encrypted tunnel on in both directions, unread. When the other end cannot be
 * reached the client's connection is closed; it has been told that the tunnel stands.
 */
export function passOn(client: Socket, to: Origin, guard: AddressGuard): void {
  try {
    guard.checkLiteral({ ...to, guarded: true });
  } catch {
    client.destroy();
    return;
  }
  const { hostname: host, port } = to;
  const far = connect({
    host,
    port,
    lookup: guard.lookupFor({ ...to, guarded: true }),
    autoSelectFamily: true,
  });
  joined(client, far);
  joined(far, client);
}
