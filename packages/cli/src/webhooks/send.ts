import { isLoopbackHost, prepareWebhook, type PreparedWebhook } from '@calltape/mock';
import { openTape } from '@calltape/store';
import type { Invocation } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import type { WebhooksFlags } from '../tables/webhooks.ts';
import { attemptJson, attemptText, type Told } from './attempt-line.ts';
import { callsToSend } from './calls-to-send.ts';
import { sendOptions, type SendOptions } from './send-options.ts';

interface Delivery extends PreparedWebhook {
  readonly id: number;
}

/** A line an attempt; nothing is sent before all has been checked. */
export async function sendWebhooks(invocation: Invocation<WebhooksFlags>): Promise<ExitCode> {
  const { output, tape: file, arguments: words } = invocation;
  const options = await sendOptions(invocation);
  const tape = openTape(file);
  try {
    const exchanges = await callsToSend(tape, words, output);
    const deliveries = exchanges.map((exchange): Delivery => {
      const { id } = exchange;
      const prepared: PreparedWebhook = prepareWebhook(exchange, {
        ...options,
        onAttempt: (attempt) => say({ id, ...prepared, attempt }, output),
      });
      return { id, ...prepared };
    });
    checkOneSecret(deliveries, options);
    warn(deliveries, options, output);
    let allAccepted = true;
    for (const delivery of deliveries) {
      const { accepted } = await delivery.send();
      allAccepted &&= accepted;
    }
    return allAccepted ? EXIT.done : EXIT.found;
  } finally {
    tape.close();
  }
}

async function say(told: Told, output: Output): Promise<void> {
  await output.data(output.json ? attemptJson(told) : attemptText(told));
}

/** One secret cannot be that of several providers: a wrong one would look like a fault of the app. */
function checkOneSecret(deliveries: readonly Delivery[], { unsigned }: SendOptions): void {
  if (unsigned) return;
  const signed = deliveries.filter(({ secretNeed }) => secretNeed === 'signs');
  const [first] = signed;
  const other = signed.find(({ provider }) => provider !== first?.provider);
  if (first === undefined || other === undefined) return;
  throw new CliError(
    'SECRET_INVALID',
    `Calls ${first.id} (${first.provider}) and ${other.id} (${other.provider}) have different ` +
      'secrets: send them with a command each.',
  );
}

function warn(
  deliveries: readonly Delivery[],
  { to, unsigned, secret }: SendOptions,
  output: Output,
): void {
  const { host, hostname } = new URL(to);
  if (!isLoopbackHost(hostname)) {
    output.warn(`Warning: ${host} is not this machine. Recorded data goes there.`);
  }
  if (deliveries.some(({ provider }) => provider === 'paypal')) {
    output.warn(
      'Warning: only PayPal can sign its webhooks. They go out with the recorded signature, which ' +
        'fits if nothing in the body was replaced.',
    );
  }
  const token = deliveries.find(({ secretNeed }) => secretNeed === 'token');
  if (token !== undefined && secret === undefined && !unsigned) {
    output.talk(
      `No secret was given, so call ${token.id} (${token.provider}) goes out with what is on the tape in its place.`,
    );
  }
}
