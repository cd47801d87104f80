import { checkAddressFree } from '../listen-address.ts';

/** The ports of servers beside another, where they are wanted. */
export interface SidePorts {
  readonly controlPort: number | undefined;
  readonly metricsPort: number | undefined;
}

/** Throws CliError PORT_TAKEN or PORT_FORBIDDEN, before a tape is made for nothing. */
export async function checkSidesFree({ controlPort, metricsPort }: SidePorts): Promise<void> {
  const host = '127.0.0.1';
  if (controlPort !== undefined)
    await checkAddressFree({ host, port: controlPort }, 'control-port');
  if (metricsPort !== undefined)
    await checkAddressFree({ host, port: metricsPort }, 'metrics-port');
}
