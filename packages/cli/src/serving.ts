import { EXIT, type ExitCode } from './exit-codes.ts';
import { jsonLine, type Output } from './output.ts';
import type { StopSignal } from './stop-signal.ts';

/** The servers beside one, for whoever reads the line as JSON. */
export interface Beside {
  readonly control?: { readonly url: string; readonly token: string };
  /** Where the figures are. */
  readonly metrics?: string;
}

/** The one line on stdout that says a server accepts connections. */
export async function announce(
  output: Output,
  url: string,
  tape: string,
  beside: Beside = {},
): Promise<void> {
  const event = { event: 'listening', url, tape, pid: process.pid, ...beside };
  await output.data(output.json ? jsonLine(event) : `listening ${url}\n`);
}

/**
 * Waits until the user wants the server to end, then ends it; at once, as interrupted, when the
 * user insists.
 */
export async function serveUntilStopped(
  stop: StopSignal,
  finish: () => Promise<ExitCode>,
): Promise<ExitCode> {
  await stop.asked;
  return Promise.race([finish(), stop.insisted.then(() => EXIT.interrupted)]);
}
