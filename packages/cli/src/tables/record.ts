import type { CommandSpec } from '../command.ts';
import { repeatable, yesNo } from '../flag.ts';
import { ROUTE, type RouteText } from '../value-kinds.ts';
import { RECORDER_FLAGS, type RecorderFlags } from './recorder.ts';

export interface RecordFlags extends RecorderFlags {
  readonly route: readonly RouteText[];
  readonly 'keep-host': boolean;
}

export const RECORD: CommandSpec<RecordFlags> = {
  name: 'record',
  summary: 'pass calls on to an API and keep each of them on the tape',
  details: [
    'With a TARGET: set the base URL of your program to the address printed, and use it as always.',
    'Without one and without routes it is a forward proxy for any host: set HTTP_PROXY and HTTPS_PROXY of your program ' +
      'to the address printed, for Node.js also NODE_USE_ENV_PROXY=1. Its https calls are recorded if it trusts the ' +
      'certificate that `calltape ca` shows.',
    'Ctrl-C finishes the calls in flight and prints a summary.',
  ],
  arguments: [{ name: 'TARGET', required: false, many: false }],
  flags: {
    ...RECORDER_FLAGS,
    route: repeatable(
      ROUTE,
      'send the calls below this path to that URL; may be given several times',
    ),
    'keep-host': yesNo("send the client's Host on, not the TARGET's"),
  },
  examples: [
    { line: 'calltape record https://api.stripe.com', does: 'record onto calls.tape' },
    {
      line: 'calltape record --route /s=https://a.example --route /t=https://b.example',
      does: 'two APIs, at http://127.0.0.1:4880/s and http://127.0.0.1:4880/t',
    },
    { line: 'calltape record', does: 'any host, for programs that take a proxy' },
    {
      line: "calltape record --h2 --tunnel '*.bank.example'",
      does: 'the same with HTTP/2, but what goes to the bank is not read',
    },
    {
      line: 'calltape record http://localhost:3000 --port 0 --tape dev.tape',
      does: 'any free port, another tape',
    },
  ],
};
