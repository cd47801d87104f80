import { WEBHOOK_PROVIDERS, type WebhookOptions, type WebhookProvider } from '@calltape/mock';
import { nearestWord } from '@calltape/store/nearest-word';
import type { Invocation } from '../command.ts';
import { CliError } from '../errors.ts';
import type { WebhooksFlags } from '../tables/webhooks.ts';
import { secretOf } from './secret.ts';

export type SendOptions = WebhookOptions & { readonly to: string };

/** What the flags say of sending. Throws CliError for what is missing or cannot be. */
export async function sendOptions({
  flag,
  output,
}: Invocation<WebhooksFlags>): Promise<SendOptions> {
  const [provider, publicUrl, timeoutMs] = [flag('provider'), flag('public-url'), flag('timeout')];
  const secret = await secretOf(flag, output);
  return {
    to: targetOf(flag('to')),
    unsigned: flag('unsigned'),
    retries: flag('retries'),
    speed: flag('speed'),
    ...(secret === undefined ? {} : { secret }),
    ...(provider === undefined ? {} : { provider: providerNamed(provider) }),
    ...(publicUrl === undefined ? {} : { publicUrl: urlOf('public-url', publicUrl) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function targetOf(text: string | undefined): string {
  if (text !== undefined) return urlOf('to', text);
  throw new CliError(
    'ARGUMENT_MISSING',
    'calltape webhooks send needs the address of your app, as in: --to http://127.0.0.1:3000',
  );
}

function urlOf(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:\/\//i.test(text)) return text;
  throw new CliError(
    'FLAG_VALUE',
    `--${name} cannot be ${JSON.stringify(text)}: expected a URL such as http://127.0.0.1:3000.`,
  );
}

function providerNamed(name: string): WebhookProvider {
  const provider = WEBHOOK_PROVIDERS.find((known) => known === name);
  if (provider !== undefined) return provider;
  const meant = nearestWord(name, WEBHOOK_PROVIDERS);
  throw new CliError(
    'FLAG_VALUE',
    `--provider cannot be ${JSON.stringify(name)}: ` +
      (meant === undefined
        ? `expected one of ${WEBHOOK_PROVIDERS.join(', ')}.`
        : `did you mean ${meant}?`),
  );
}
