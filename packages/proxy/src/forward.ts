import type { Answer, UpgradeAnswer } from './answer.ts';
import type { Routing } from './destination.ts';
import type { Dialer } from './dial.ts';
import { recorderFull } from './failure.ts';
import type { Failure } from './failure.ts';
import type { Recorder } from './recorder.ts';
import { Relay } from './relay.ts';
import type { RelayEnd } from './relay.ts';
import { Upgrade } from './upgrade.ts';

/** A strict recorder passes nothing on that it may not be able to keep. */
function whenFull({ settings, writer }: Recorder): Failure | null {
  if (!settings.strict || !writer.losing) return null;
  return recorderFull(writer.stats.problem ?? 'the tape takes no more');
}

/**
 * The answer that a recording proxy gives: the upstream's, noted as it passes.
 *
 * @param onEnd - Told when a call is over.
 */
export function forwarder(
  recorder: Recorder,
  route: Routing,
  onEnd: ((end: RelayEnd) => void) | null = null,
): Answer {
  return (request, response, head, tunnel) => {
    const destination = whenFull(recorder) ?? route(request, tunnel);
    if ('code' in destination) return destination;
    new Relay(recorder, destination, request, response, head).begin(onEnd);
    return null;
  };
}

/** The same for the opening handshake of a WebSocket, and what follows it. */
export function upgrader(recorder: Recorder, dialer: Dialer, route: Routing): UpgradeAnswer {
  return (request, behind, head, tunnel) => {
    const destination = whenFull(recorder) ?? route(request, tunnel);
    if ('code' in destination) return destination;
    new Upgrade(recorder, destination, request, behind, head).begin(dialer);
    return null;
  };
}
