import { Stripe } from 'stripe';

/** Stripe's own client; only where it connects is changed. */
function clientFor(url: string): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe('sk_test_51CalltapeStoryKey0123456789', {
    host: hostname,
    port,
    protocol: 'http',
  });
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { type, code, statusCode, message } = error;
    return { type, code, statusCode, message };
  }
}

/** A shop's day with Stripe: customers, a payment, a list, and an error. Returns all it was told. */
export async function stripeStory(url: string): Promise<unknown[]> {
  const stripe = clientFor(url);
  const ada = await stripe.customers.create({ email: 'ada@example.com', name: 'Ada' });
  const bob = await stripe.customers.create({ email: 'bob@example.com', name: 'Bob' });
  const renamed = await stripe.customers.update(ada.id, { name: 'Ada Lovelace' });
  const before = await stripe.customers.retrieve(ada.id);
  const intent = await stripe.paymentIntents.create({
    amount: 1200,
    currency: 'eur',
    customer: ada.id,
  });
  const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  const page = await stripe.customers.list({ limit: 2 });
  const unknown = await failure(stripe.customers.retrieve('cus_0nobody0here0'));
  return [ada, bob, renamed, before, intent, paid, page, unknown];
}

/** One read, so that what its retries do can be told apart from everything else. */
export async function readStripeCustomers(url: string): Promise<unknown> {
  return clientFor(url).customers.list({ limit: 2 });
}
