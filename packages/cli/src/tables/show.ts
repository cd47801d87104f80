import type { CommandSpec } from '../command.ts';
import { yesNo } from '../flag.ts';

export interface ShowFlags {
  readonly request: boolean;
  readonly response: boolean;
  readonly body: boolean;
  readonly raw: boolean;
  readonly curl: boolean;
}

export const SHOW: CommandSpec<ShowFlags> = {
  name: 'show',
  summary: 'show calls whole: heads, bodies, timings',
  details: [
    'An ID is the number that calltape calls prints, or the word last. Bodies of text are shown as text, JSON laid out, others in hexadecimal.',
  ],
  arguments: [{ name: 'ID', required: true, many: true }],
  flags: {
    request: yesNo('only the request'),
    response: yesNo('only the response'),
    body: yesNo('write only the body, decoded; of the response, or with --request of the request'),
    raw: yesNo('the same, byte for byte as it was received'),
    curl: yesNo('a command that makes the call again'),
  },
  examples: [
    { line: 'calltape show 12', does: 'call 12, to read' },
    { line: 'calltape show last --response', does: 'the newest answer' },
    { line: 'calltape show 12 --raw > body.bin', does: 'its response body as a file' },
    { line: 'calltape show 12 --curl', does: 'the same call as a curl command' },
  ],
};
