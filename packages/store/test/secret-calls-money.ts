import { FORM, JSON_TYPE, basic, bearer, typed, jwt } from './secret-told.ts';
import type { SecretEntry } from './secret-told.ts';

/** Payments, messages and customers. */
export const MONEY_AND_MESSAGES: readonly SecretEntry[] = [
  [
    'Stripe',
    ['51HabcDEFghiJKLmno', 'secret_Xyz987abc', 'AbCdEf0123456789Gh', '4242424242424242'],
    {
      url: 'https://api.stripe.com/v1/payment_intents',
      headers: typed(FORM, bearer('sk_live_51HabcDEFghiJKLmno')),
      body: 'amount=2000&currency=usd&payment_method_data[card][number]=4242424242424242&payment_method_data[card][cvc]=3141',
      answer:
        '{"id":"pi_1","client_secret":"pi_1_secret_Xyz987abc","secret":"whsec_AbCdEf0123456789Gh"}',
    },
  ],
  [
    'PayPal',
    ['paypal-client-id-1', 'paypal-secret-2', 'A21AAFEpH4PsADK7qSS7pSRsgz'],
    {
      url: 'https://api-m.paypal.com/v1/oauth2/token',
      headers: typed(FORM, basic('paypal-client-id-1', 'paypal-secret-2')),
      body: 'grant_type=client_credentials',
      answer:
        '{"scope":"x","access_token":"A21AAFEpH4PsADK7qSS7pSRsgz","token_type":"Bearer","expires_in":31668}',
    },
  ],
  [
    'PayPal assertion',
    ['merchant@paypal.example'],
    {
      url: 'https://api-m.paypal.com/v2/checkout/orders/5O190127TN364715T',
      headers: ['PayPal-Auth-Assertion', jwt('merchant@paypal.example')],
    },
  ],
  [
    'Razorpay',
    ['IH3PtBtM9Ck0xf', 'razor-secret-77'],
    {
      url: 'https://api.razorpay.com/v1/orders',
      headers: typed(JSON_TYPE, basic('rzp_live_IH3PtBtM9Ck0xf', 'razor-secret-77')),
      body: '{"amount":50000,"currency":"INR","receipt":"r1"}',
    },
  ],
  [
    'Square',
    ['sq-oauth-secret-55', 'sq-code-0815-long', 'lF3NxUAbkfhqa2V9B7jPTgR', 'sq-refresh-1234'],
    {
      url: 'https://connect.squareup.com/oauth2/token',
      headers: typed(JSON_TYPE),
      body: '{"client_id":"sq0idp-x","client_secret":"sq-oauth-secret-55","code":"sq-code-0815-long","grant_type":"authorization_code"}',
      answer:
        '{"access_token":"EAAAlF3NxUAbkfhqa2V9B7jPTgRxxxxxxx","refresh_token":"sq-refresh-1234"}',
    },
  ],
  [
    'Twilio',
    ['twilio-auth-token-9', '4839201756'],
    {
      url: 'https://verify.twilio.com/v2/Services/VA0123/VerificationCheck',
      headers: typed(FORM, basic('AC0123456789abcdef0123456789abcdef', 'twilio-auth-token-9')),
      body: 'To=%2B15551234567&Code=4839201756',
    },
  ],
  [
    'Slack',
    ['123456789012-abcdefGHIJKLmnop', 'CwABAAAAXAoAAVnX', 'slack-d-cookie-1'],
    {
      url: 'https://slack.com/api/files.getUploadURLExternal',
      headers: typed(FORM, ['Cookie', 'd=slack-d-cookie-1']),
      body: 'token=xoxb-123456789012-abcdefGHIJKLmnop&filename=a.txt&length=5',
      answer: String.raw`{"ok":true,"upload_url":"https:\/\/files.slack.com\/upload\/v1\/CwABAAAAXAoAAVnX","file_id":"F1"}`,
    },
  ],
  [
    'Slack webhook',
    ['XXyyZZaabbccddeeff001122'],
    {
      url: 'https://hooks.slack.com/services/T01234567/B01234567/XXyyZZaabbccddeeff001122',
      headers: typed(JSON_TYPE),
      body: '{"text":"hello"}',
      answer: 'ok',
      answerHeaders: typed('text/plain'),
    },
  ],
  [
    'Discord',
    ['MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs', 'discord-cookie-3'],
    {
      url: 'https://discord.com/api/v10/channels/123456789012345678/messages',
      headers: typed(JSON_TYPE, [
        'Authorization',
        'Bot MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs',
      ]),
      body: '{"content":"hi"}',
      answerHeaders: typed(JSON_TYPE, ['Set-Cookie', '__cfruid=discord-cookie-3; Path=/']),
    },
  ],
  [
    'Discord webhook',
    ['webhookTokenABCdef0123456789', 'interactionTokenXYZ0987'],
    {
      url: 'https://discord.com/api/webhooks/123456789012345678/webhookTokenABCdef0123456789',
      headers: typed(JSON_TYPE),
      body: '{"content":"hi","url":"https://discord.com/api/v10/interactions/123456789012345678/interactionTokenXYZ0987/callback"}',
      answer: '{"id":"1","token":"webhookTokenABCdef0123456789"}',
    },
  ],
  [
    'HubSpot',
    ['hapi-key-0815-4711', 'hub-client-secret', 'hub-refresh-token'],
    {
      url: 'https://api.hubapi.com/oauth/v1/token?hapikey=hapi-key-0815-4711',
      headers: typed(FORM),
      body: 'grant_type=refresh_token&client_id=x&client_secret=hub-client-secret&refresh_token=hub-refresh-token',
      answer: '{"token_type":"bearer","refresh_token":"hub-refresh-token","expires_in":1800}',
    },
  ],
  [
    'Salesforce SOAP',
    ['sf-password-and-TOKEN', '00D3h000007R1Lu!AR8AQBM8J_xr9kLqmZIRyQxZgLcM4HVi'],
    {
      url: 'https://login.salesforce.com/services/Soap/u/60.0',
      headers: typed('text/xml', ['SOAPAction', 'login']),
      body: '<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>me@x.example</n1:username><n1:password>sf-password-and-TOKEN</n1:password></n1:login></se:Body></se:Envelope>',
      answerHeaders: typed('text/xml;charset=UTF-8'),
      answer:
        '<soapenv:Envelope><soapenv:Body><loginResponse><result><sessionId>00D3h000007R1Lu!AR8AQBM8J_xr9kLqmZIRyQxZgLcM4HVi</sessionId></result></loginResponse></soapenv:Body></soapenv:Envelope>',
    },
  ],
  [
    'Salesforce OAuth',
    ['sf-consumer-secret', 'sf pass+word&1', 'sf-assertion-user'],
    {
      url: 'https://login.salesforce.com/services/oauth2/token',
      headers: typed(FORM),
      body: new URLSearchParams({
        grant_type: 'password',
        client_secret: 'sf-consumer-secret',
        password: 'sf pass+word&1',
        assertion: jwt('sf-assertion-user'),
      }).toString(),
    },
  ],
  [
    'Mailchimp',
    ['0123456789abcdef0123456789abcdef'],
    {
      url: 'https://us21.api.mailchimp.com/3.0/ping',
      headers: basic('anystring', '0123456789abcdef0123456789abcdef-us21'),
      answer: '{"apikey":"0123456789abcdef0123456789abcdef-us21"}',
    },
  ],
];
