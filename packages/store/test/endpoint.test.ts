import { endpointOf, pathTemplate } from '@calltape/store';
import { expect, test } from 'vitest';

test.each([
  ['/v1/customers', '/v1/customers'],
  ['/v1/customers/cus_9s6XKzkNRiz8i3', '/v1/customers/{customer}'],
  [
    '/v1/payment_intents/pi_3MtwBwLkdIwHu7ix/confirm',
    '/v1/payment_intents/{payment_intent}/confirm',
  ],
  ['/users/42/posts/7', '/users/{user}/posts/{post}'],
  ['/users/42/43', '/users/{user}/{user2}'],
  ['/orders/3f2504e0-4f89-41d3-9a0c-0305e82c3301', '/orders/{order}'],
  ['/categories/12', '/categories/{category}'],
  [
    '/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json',
    '/2010-04-01/Accounts/{Account}/Messages.json',
  ],
  ['/api/chat.postMessage', '/api/chat.postMessage'],
  ['/v2.1/search', '/v2.1/search'],
  ['/oauth2/token', '/oauth2/token'],
  ['/contacts/ada@example.com', '/contacts/{contact}'],
  ['/days/2026-11-22', '/days/{day}'],
  ['/', '/'],
  ['//a//b', '//a//b'],
  ['/%zz/%', '/%zz/%'],
])('%s is an instance of %s', (path, template) => {
  expect(pathTemplate(path)).toBe(template);
});

test('an endpoint is the method, the origin without userinfo, and the path without query', () => {
  expect(
    endpointOf('GET', 'https://me:secret@api.example.com:8443/v1/things/7?q=http://x/'),
  ).toEqual({
    method: 'GET',
    origin: 'https://api.example.com:8443',
    template: '/v1/things/{thing}',
  });
  expect(endpointOf('GET', 'http://localhost?q').template).toBe('/');
  expect(endpointOf('OPTIONS', 'http://localhost')).toMatchObject({
    origin: 'http://localhost',
    template: '/',
  });
});
