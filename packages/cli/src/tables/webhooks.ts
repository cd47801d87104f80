import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, COUNT, DURATION, FILE, RETRIES, SPEED } from '../value-kinds.ts';

export interface WebhooksFlags {
  readonly all: boolean;
  readonly recording: string | undefined;
  readonly limit: number;
  readonly to: string | undefined;
  readonly secret: string | undefined;
  readonly 'secret-env': string | undefined;
  readonly 'secret-file': string | undefined;
  readonly provider: string | undefined;
  readonly unsigned: boolean;
  readonly 'public-url': string | undefined;
  readonly retries: 'real' | 'none' | number;
  readonly speed: number;
  readonly timeout: number | undefined;
}

export const WEBHOOKS: CommandSpec<WebhooksFlags> = {
  name: 'webhooks',
  summary: 'list recorded webhooks, send them again with a new signature',
  details: [
    'A webhook is a call that an API makes to your app. Record such calls in front of the app, with calltape record http://127.0.0.1:3000 and the provider pointed at the recorder.',
    '`webhooks list`, or `webhooks` alone, lists a line a delivery, with filters as calltape calls takes them. `webhooks send ID... --to URL` makes the calls of these numbers again (last: the newest delivery): the body as it is on the tape, the signature computed anew, as of now. A line an attempt; ends with 1 when the app did not accept a delivery.',
    'The secret is read from the variable CALLTAPE_WEBHOOK_SECRET unless a flag names another place. It is used to sign and not kept.',
  ],
  arguments: [
    { name: 'list|send', required: false, many: false },
    { name: 'FILTER|ID', required: false, many: true },
  ],
  flags: {
    all: yesNo('list all calls to apps on this machine and beside it, also of unknown providers'),
    recording: optional(anyText('NAME'), 'list only this recording'),
    limit: withDefault(COUNT, '50', 'list at most this many, the newest'),
    to: optional(
      anyText('URL'),
      'the app: http://127.0.0.1:3000 keeps the recorded path; with a path of its own the URL to call',
    ),
    'secret-env': optional(anyText('NAME'), 'sign with what is in this variable'),
    'secret-file': optional(FILE, 'sign with what is in this file, without the line end'),
    secret: optional(
      anyText('TEXT'),
      'sign with this text, which other programs and the history of your shell then see too',
    ),
    unsigned: yesNo('send the recorded signature, which may be too old or not fit'),
    provider: optional(anyText('NAME'), 'sign as this provider, whatever the call looks like'),
    'public-url': optional(
      anyText('URL'),
      'the URL that the app checks signatures against, if not --to (Twilio, Square, HubSpot)',
    ),
    retries: withDefault(RETRIES, 'none', 'try again as the provider does, or so many times'),
    speed: withDefault(SPEED, '1', 'so many times faster than the provider; max waits for nothing'),
    timeout: optional(DURATION, 'how long the app may take (default: as the provider has it)'),
  },
  examples: [
    { line: 'calltape webhooks', does: 'the last 50 deliveries' },
    { line: 'calltape webhooks path:/hooks/stripe since:1h', does: 'some of them' },
    {
      line: 'calltape webhooks send last --to http://127.0.0.1:3000 --secret-env WHSEC',
      does: 'the newest one again',
    },
    {
      line: 'calltape webhooks send 2 4 --to http://localhost:3000 --retries 3',
      does: 'two of them, each up to four times',
    },
  ],
};
