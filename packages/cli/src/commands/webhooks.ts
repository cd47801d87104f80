import type { Invocation, Run } from '../command.ts';
import { CliError } from '../errors.ts';
import type { WebhooksFlags } from '../tables/webhooks.ts';
import { listWebhooks } from '../webhooks/list.ts';
import { sendWebhooks } from '../webhooks/send.ts';

export const webhooks: Run<WebhooksFlags> = async (invocation) => {
  const [action, ...rest] = invocation.arguments;
  if (action === 'send') {
    checkFlags(invocation, OF_LIST, 'list');
    return sendWebhooks({ ...invocation, arguments: rest });
  }
  checkFlags(invocation, OF_SEND, 'send');
  const words = action === 'list' ? rest : invocation.arguments;
  return listWebhooks({ ...invocation, arguments: words });
};

const OF_LIST = ['all', 'recording'] as const;
const OF_SEND = [
  'to',
  'secret',
  'secret-env',
  'secret-file',
  'provider',
  'unsigned',
  'public-url',
  'timeout',
] as const;

function checkFlags(
  { flag }: Invocation<WebhooksFlags>,
  names: readonly (keyof WebhooksFlags)[],
  action: string,
): void {
  const given = names.find((name) => flag(name) !== undefined && flag(name) !== false);
  if (given === undefined) return;
  throw new CliError('FLAG_VALUE', `--${given} is for calltape webhooks ${action}.`);
}
