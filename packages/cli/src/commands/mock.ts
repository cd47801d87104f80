import { parseLatency, startMock } from '@calltape/mock';
import { openWriter } from '@calltape/store';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { faultRules } from '../fault-rules.ts';
import { checkAddressFree, warnIfExposed } from '../listen-address.ts';
import { matchOptions } from '../match-options.ts';
import { mockCommandLine } from '../mock-command-line.ts';
import { mockGreeting, mockSummary } from '../mock-talk.ts';
import { checkServedTape } from '../served-tape.ts';
import { announce, serveUntilStopped } from '../serving.ts';
import { stopSignal } from '../stop-signal.ts';
import type { MockFlags } from '../tables/mock.ts';
import { closeAndRethrow, reportLosses, watchWriter } from '../writer-watch.ts';

export const mock: Run<MockFlags> = async ({ flag, arguments: named, tape, output }) => {
  const tapes = named.length === 0 ? [tape] : [...named];
  const address = { host: flag('host'), port: flag('port') };
  const [seed, latency, served] = [flag('seed'), flag('latency'), flag('served')];
  const options = {
    ...address,
    tapes,
    faults: await faultRules(flag),
    repeat: flag('repeat'),
    ...(await matchOptions(flag)),
    ...(seed === undefined ? {} : { seed }),
    ...(latency === undefined ? {} : { latency: parseLatency(latency) }),
  };
  if (served !== undefined) await checkServedTape(served, tapes);
  await checkAddressFree(address);
  const stop = stopSignal();
  const writer =
    served === undefined ? null : await openWriter(served, { name: 'mock', source: 'mock' });
  const server = await startMock({
    ...options,
    ...(writer === null ? {} : { served: writer }),
  }).catch(closeAndRethrow(writer));
  if (writer !== null) watchWriter(writer, output);
  warnIfExposed(address, output);
  await announce(output, server.url, tapes[0] ?? tape);
  const again = options.faults.length === 0 ? null : mockCommandLine(tapes, server.seed, flag);
  output.talk(mockGreeting(server, tapes, again));
  return serveUntilStopped(stop, async () => {
    await server.close();
    await writer?.close();
    output.talk(mockSummary(server, again));
    return writer === null ? EXIT.done : reportLosses(writer, output);
  });
};
