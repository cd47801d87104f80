// Stripe's own client, as its documentation shows it: nothing says where it connects.

import { Stripe } from 'stripe';

const stripe = new Stripe('sk_test_51CalltapeRunKey0123456789');
const { id, email } = await stripe.customers.create({ email: 'ada@example.com' });
const again = await stripe.customers.retrieve(id);
process.stdout.write(JSON.stringify({ id, email, same: again.id === id }));
