import type { CommandSpec } from '../command.ts';
import { repeatable, severalWords, withDefault } from '../flag.ts';
import { anyText, PORT } from '../value-kinds.ts';
import { ENVIRONMENT_FLAGS, type EnvironmentFlags } from './environment.ts';
import { PLAY_FLAGS, type PlayFlags } from './mock.ts';
import { RECORDER_FLAGS, type RecorderFlags } from './recorder.ts';

export interface RunFlags extends RecorderFlags, EnvironmentFlags, PlayFlags {
  readonly mock: readonly string[];
}

export const RUN: CommandSpec<RunFlags> = {
  name: 'run',
  summary: 'run a command and keep its calls on the tape, whatever it calls',
  details: [
    'Starts a recorder, points the command and all it starts to it by environment variables ' +
      '(proxy, certificates, Node.js preload), and ends with the exit code of the command. ' +
      'stdin, stdout and stderr are those of the command; calltape says what it has to on stderr.',
    'With --mock TAPE a mock answers instead, under the real addresses: nothing is called that --on-miss does not allow. ' +
      '--fault, --seed, --latency, --repeat, --served, --control-port, --on-miss and --mode are those of `calltape mock`.',
    '`calltape doctor` says which programs of this machine can be recorded so.',
  ],
  arguments: [{ name: 'COMMAND', required: true, many: true }],
  runsProgram: true,
  flags: {
    mock: severalWords(repeatable(anyText('TAPE'), 'answer from these tapes, offline')),
    ...ENVIRONMENT_FLAGS,
    ...PLAY_FLAGS,
    ...RECORDER_FLAGS,
    port: withDefault(PORT, '0', 'where the recorder listens; 0 picks a free port'),
  },
  examples: [
    { line: 'calltape run -- npm test', does: 'record every call of the tests onto calls.tape' },
    {
      line: 'calltape run --tape dev.tape --quiet -- python3 sync.py --all',
      does: 'what stands behind -- is the command, with its own flags',
    },
    {
      line: 'calltape run --map api.stripe.com=http://localhost:4242 -- npm start',
      does: 'take the calls to Stripe to a server of your own',
    },
    {
      line: 'calltape run --mock calls.tape -- npm test',
      does: 'the recorded answers, under the real addresses and offline',
    },
    {
      line: "calltape run --mock calls.tape --fault '* /** status=503 first=1' -- npm test",
      does: 'the first call to each endpoint fails',
    },
  ],
};
