import type { CommandSpec } from '../command.ts';
import { repeatable, yesNo } from '../flag.ts';
import { ROUTE, type RouteText } from '../value-kinds.ts';
import { RECORDER_FLAGS, type RecorderFlags } from './recorder.ts';

export interface RecordFlags extends RecorderFlags {
  readonly route: readonly RouteText[];
  readonly 'keep-host': boolean;
  readonly 'rewrite-bodies': boolean;
}

export const RECORD: CommandSpec<RecordFlags> = {
  name: 'record',
  summary: 'pass calls on to an API and keep each of them on the tape',
  details: [
    'With a TARGET or routes: set the base URL of your program to the address printed, and use it as always.',
    'Without: a forward proxy for any host. Set HTTP_PROXY and HTTPS_PROXY of your program to the address printed, ' +
      'for Node.js also NODE_USE_ENV_PROXY=1. Its https calls are recorded if it trusts the certificate that ' +
      '`calltape ca` shows. --map, --intercept, --tunnel and --h2 are for this way; `calltape run` sets it all up ' +
      'for one command.',
    'Ctrl-C finishes the calls in flight and prints a summary.',
  ],
  arguments: [{ name: 'TARGET', required: false, many: false }],
  flags: {
    route: repeatable(ROUTE, 'send the calls below this path to that URL; several times'),
    'keep-host': yesNo("send the client's Host on, not the TARGET's"),
    'rewrite-bodies': yesNo("move the TARGET's URLs in the text of answers to the recorder"),
    ...RECORDER_FLAGS,
  },
  examples: [
    { line: 'calltape record https://api.stripe.com', does: 'record onto calls.tape' },
    {
      line: 'calltape record --route /s=https://a.example --route /t=https://b.example',
      does: 'two APIs, at http://127.0.0.1:4880/s and http://127.0.0.1:4880/t',
    },
    {
      line: 'calltape record https://api.example.com --rewrite-bodies',
      does: 'links in JSON, HTML and other text lead to the recorder too',
    },
    { line: 'calltape record', does: 'any host, for programs that go through a proxy' },
    {
      line: 'calltape record --map api.stripe.com=http://localhost:3000',
      does: 'what is meant for Stripe goes to a server of your own',
    },
    {
      line: 'calltape record https://localhost:8443 --insecure-host localhost:8443',
      does: 'a server with a certificate that nobody vouches for',
    },
    {
      line: "calltape record --h2 --tunnel '*.bank.example'",
      does: 'any host, HTTP/2 offered; what goes to the bank is not read',
    },
    {
      line: 'calltape record http://localhost:3000 --port 0 --tape dev.tape',
      does: 'any free port, another tape',
    },
  ],
};
