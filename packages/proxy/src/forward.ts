import type { Answer } from './answer.ts';
import type { Routing } from './destination.ts';
import { recorderFull } from './failure.ts';
import type { Recorder } from './recorder.ts';
import { Relay } from './relay.ts';

/** The answer that a recording proxy gives: the upstream's, noted as it passes. */
export function forwarder(recorder: Recorder, route: Routing): Answer {
  return (request, response, head, tunnel) => {
    if (recorder.settings.strict && recorder.writer.losing) {
      return recorderFull(recorder.writer.stats.problem ?? 'the tape takes no more');
    }
    const destination = route(request, tunnel);
    if ('code' in destination) return destination;
    new Relay(recorder, destination, request, response, head).begin();
    return null;
  };
}
