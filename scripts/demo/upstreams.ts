import { createEmulator } from 'emulate';

/** Stripe and Slack as published emulators on this machine: the "other people's APIs" of the demo. */
export interface Upstreams {
  readonly stripe: string;
  readonly slack: string;
  close(): Promise<void>;
}

export async function startUpstreams(): Promise<Upstreams> {
  const [stripe, slack] = await Promise.all([
    createEmulator({ service: 'stripe', port: 0 }),
    createEmulator({ service: 'slack', port: 0 }),
  ]);
  return {
    stripe: stripe.url,
    slack: slack.url,
    close: async () => {
      await Promise.all([stripe.close(), slack.close()]);
    },
  };
}
