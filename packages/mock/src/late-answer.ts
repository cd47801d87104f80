import { onHttp2 } from './http2-plan.ts';
import type { LateFaults } from './late-faults.ts';
import { ownAnswer } from './own-answer.ts';
import type { Delivery } from './perform.ts';
import { RealAnswer } from './real-answer.ts';
import type { Asked, Progress } from './real-answer.ts';
import type { Plan } from './step.ts';
import type { VisitResponse } from './visit.ts';

const ENDS: ReadonlySet<string> = new Set(['close', 'reset', 'hang']);

/** What the client gets of an answer that is too large to be altered. */
function inPlaceOf(isBegun: boolean, answer: Plan): Plan {
  if (isBegun) return [...answer, { kind: 'reset' }];
  const message =
    'The answer of the API is over the 64 MiB that a fault can alter. Leave the call out of the rule.';
  return ownAnswer(502, { code: 'ANSWER_TOO_LARGE', message });
}

/** Has faults alter the answer of the real API on its way to the client, which gets it by `delivery`. */
export function lateAnswer(
  asked: Asked,
  late: LateFaults,
  delivery: Delivery,
  response: VisitResponse,
): RealAnswer {
  const alter = (answer: Plan, progress: Progress): boolean => {
    const altered =
      progress === 'too large'
        ? inPlaceOf(response.headersSent, answer)
        : late.alter(answer, progress === 'whole');
    if (altered === undefined) return false;
    delivery.goOn(asked.httpVersion === '2' ? onHttp2(altered) : altered);
    return progress !== 'coming' || ENDS.has(altered.at(-1)?.kind ?? '');
  };
  const real = new RealAnswer(asked, response, alter);
  response.once('close', () => real.left());
  return real;
}
