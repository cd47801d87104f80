import { once } from 'node:events';
import { createServer } from 'node:net';
import { CliError } from './errors.ts';
import type { Output } from './output.ts';

/** Where a server is asked to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Finds out whether the address can be had, before a tape is made or changed for nothing. A server
 * that starts afterwards still has to cope with a program that was quicker.
 *
 * Throws CliError PORT_TAKEN, PORT_FORBIDDEN or HOST_INVALID.
 *
 * @param flag - What the port is chosen with.
 */
export async function checkAddressFree(
  { host, port }: ListenAddress,
  flag = 'port',
): Promise<void> {
  const probe = createServer();
  try {
    probe.listen({ host, port });
    await once(probe, 'listening');
  } catch (error) {
    throw refusal(error, host, port, flag);
  }
  probe.close();
  await once(probe, 'close');
}

/** Says what it means to listen where others can connect. */
export function warnIfExposed({ host }: ListenAddress, output: Output): void {
  if (isLoopback(host)) return;
  output.warn(
    `Warning: listening on ${host}, so others on the network can call through this machine. ` +
      'Leave out --host to keep it to yourself.',
  );
}

export function isLoopback(host: string): boolean {
  return /^(localhost|\[?::1\]?)$/i.test(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

function refusal(cause: unknown, host: string, port: number, flag: string): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  switch (code) {
    case 'EADDRINUSE': {
      return new CliError(
        'PORT_TAKEN',
        `Port ${port} on ${host} is taken by another program: ` +
          `stop that one, or choose another with --${flag} (--${flag} 0 picks a free one).`,
        { cause },
      );
    }
    case 'EACCES': {
      return new CliError(
        'PORT_FORBIDDEN',
        `Port ${port} on ${host} is not open to this user: choose one above 1023 with --${flag}.`,
        { cause },
      );
    }
    default: {
      return new CliError(
        'HOST_INVALID',
        `"${host}" is not an address of this machine (${code}): ` +
          'leave out --host, or name one, such as 127.0.0.1 or 0.0.0.0.',
        { cause },
      );
    }
  }
}
