import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { RefusedCall } from './failure.ts';
import type { Failure } from './failure.ts';
import { isLocalhost, lookupLocalhost } from './localhost-lookup.ts';
import type { Upstream } from './upstream.ts';

/** Where cloud machines hand out their credentials: link-local IPv4, and its IPv6 counterpart. */
const METADATA = new BlockList();
METADATA.addSubnet('169.254.0.0', 16, 'ipv4');
METADATA.addAddress('fd00:ec2::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** An address that stands for all of the machine's; to connect to it reaches the loopback. */
const ANY = new BlockList();
ANY.addAddress('0.0.0.0', 'ipv4');
ANY.addAddress('::', 'ipv6');

function isIn(list: BlockList, address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a host is an address by which this machine reaches itself. */
export function isLoopback(hostname: string): boolean {
  return isIP(hostname) !== 0 && (isIn(LOOPBACK, hostname) || isIn(ANY, hostname));
}

function isOfThisMachine(address: string): boolean {
  if (isIn(LOOPBACK, address) || isIn(ANY, address)) return true;
  const own = new BlockList();
  for (const one of Object.values(networkInterfaces()).flat()) {
    if (one !== undefined) own.addAddress(one.address, one.family === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return isIn(own, address);
}

const lookupAll: LookupFunction = (hostname, options, found) => {
  lookup(hostname, { ...options, all: true }, found);
};

function refused(message: string): Failure {
  return { status: 403, code: 'FORWARD_TARGET_REFUSED', message };
}

type Guarded = Pick<Upstream, 'hostname' | 'port' | 'guarded'>;

/**
 * Keeps calls from addresses that a proxy must not reach: its own listener, where they would go round
 * in circles, the servers beside it that are for its user alone, and, where a client has named the upstream, link-local ones, where cloud machines hand
 * out credentials. It judges addresses and not names, so that no name can lead there.
 */
export class AddressGuard {
  readonly #privatePorts: ReadonlySet<number>;
  #ownAddress = '';
  #ownPort = 0;

  /** @param privatePorts - Ports of this machine that are for its own programs alone. */
  constructor(privatePorts: readonly number[] = []) {
    this.#privatePorts = new Set(privatePorts);
  }

  /** Notes where the proxy itself listens. */
  listening(address: string, port: number): void {
    this.#ownAddress = address;
    this.#ownPort = port;
  }

  /** @throws RefusedCall when the host is an address that must not be reached. */
  checkLiteral(upstream: Guarded): void {
    const { hostname } = upstream;
    const failure = isIP(hostname) === 0 ? null : this.#judge(upstream, hostname);
    if (failure !== null) throw new RefusedCall(failure);
  }

  /** Resolves names as ever, but fails with RefusedCall when one leads where none may. */
  lookupFor(upstream: Guarded): LookupFunction {
    const resolve = isLocalhost(upstream.hostname) ? lookupLocalhost : lookupAll;
    return (name, options, found) => {
      resolve(name, options, (error, addresses) => {
        const refusal = Array.isArray(addresses) ? this.#refusalOf(upstream, addresses) : null;
        found(refusal ?? error, addresses);
      });
    };
  }

  #refusalOf(upstream: Guarded, found: readonly LookupAddress[]): RefusedCall | null {
    for (const { address } of found) {
      const failure = this.#judge(upstream, address);
      if (failure !== null) return new RefusedCall(failure);
    }
    return null;
  }

  #judge({ hostname, port, guarded }: Guarded, address: string): Failure | null {
    if (guarded && isIn(METADATA, address)) {
      return refused(
        `${hostname} leads to ${address}, a link-local address where cloud machines hand out credentials: calls to it are not passed on. ` +
          'If it is meant, record that address alone: calltape record URL.',
      );
    }
    if (this.#privatePorts.has(port) && isOfThisMachine(address)) {
      return refused(
        `${hostname}:${port} is where calltape itself is controlled or measured: calls to it are not passed on. Ask it directly, without a proxy.`,
      );
    }
    if (port !== this.#ownPort || !this.#isOwn(address)) return null;
    return refused(
      `${hostname}:${port} is this recorder itself, so the call would go round in circles. Call the API's own address.`,
    );
  }

  #isOwn(address: string): boolean {
    const own = this.#ownAddress;
    if (isIn(ANY, own)) return isOfThisMachine(address);
    const mine = new BlockList();
    mine.addAddress(own, isIP(own) === 6 ? 'ipv6' : 'ipv4');
    return isIn(mine, address) || (isIn(LOOPBACK, own) && isIn(ANY, address));
  }
}
