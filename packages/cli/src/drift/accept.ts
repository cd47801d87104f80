import { forgetTexts } from '@calltape/drift';
import type { Config } from '../config-file.ts';
import type { Output } from '../output.ts';
import { counted } from '../units.ts';
import { writeAccepted } from './accepted-file.ts';
import { filled, type Asked } from './compared.ts';
import { endpointsOfSides, learnSide } from './learn-sides.ts';
import { openSide, sideOf } from './side.ts';

/** Makes what is on the tape, or the calls that are named, the accepted baseline. */
export async function acceptCalls(asked: Asked, config: Config, output: Output): Promise<void> {
  const { accepted, live, tape } = asked;
  const now = Date.now();
  const side =
    live === undefined ? openSide(tape, tape, () => ({})) : await sideOf(live, tape, now);
  try {
    const { lessons, calls, last } = filled(
      side,
      learnSide(side, endpointsOfSides([side], config.rules)),
    );
    forgetTexts(lessons);
    writeAccepted(accepted, { lessons, calls, last: side.tape === null ? null : last }, now);
    const endpoints = counted(lessons.endpoints().length, 'endpoint');
    output.talk(
      `Accepted ${counted(calls, 'call')} of ${endpoints} as they are, in ${accepted}. ` +
        'calltape drift compares what comes from now on with it.',
    );
  } finally {
    side.close();
  }
}
