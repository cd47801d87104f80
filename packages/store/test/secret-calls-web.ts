import { gzipSync } from 'node:zlib';
import { FORM, JSON_TYPE, base64, bearer, typed, jwt } from './secret-told.ts';
import type { SecretEntry } from './secret-told.ts';

/** Shops, hooks, social networks, Google, weather. */
export const SHOPS_AND_WEB: readonly SecretEntry[] = [
  [
    'Shopify',
    [
      '0123456789abcdefABCDEF0123',
      'shopify-app-secret',
      'shopify-code-12345',
      'fedcba9876543210fedcba98',
    ],
    {
      url: 'https://shop.myshopify.com/admin/oauth/access_token',
      headers: typed(JSON_TYPE, ['X-Shopify-Access-Token', 'shpat_0123456789abcdefABCDEF0123']),
      body: '{"client_id":"x","client_secret":"shopify-app-secret","code":"shopify-code-12345"}',
      answer: '{"access_token":"shpat_fedcba9876543210fedcba98","scope":"write_orders"}',
    },
  ],
  [
    'WooCommerce',
    [
      '0123456789012345678901234567890123456789',
      '9876543210987654321098765432109876543210',
      'wc_order_58d2d042d1d',
    ],
    {
      url: 'http://shop.example/wp-json/wc/v3/orders?consumer_key=ck_0123456789012345678901234567890123456789&consumer_secret=cs_9876543210987654321098765432109876543210',
      answer: '[{"id":727,"order_key":"wc_order_58d2d042d1d"}]',
    },
  ],
  [
    'WooCommerce OAuth 1.0a',
    ['woo-signature-abc=', 'woo-nonce-123'],
    {
      url: 'http://shop.example/wp-json/wc/v3/orders?oauth_consumer_key=ck_x&oauth_nonce=woo-nonce-123&oauth_signature=woo-signature-abc%3D&oauth_timestamp=1',
    },
  ],
  [
    'Shiprocket',
    ['shiprocket-pass-1', 'shiprocket-subject', 'AwsSig0123456789abcdef'],
    {
      url: 'https://apiv2.shiprocket.in/v1/external/auth/login',
      headers: typed(JSON_TYPE),
      body: '{"email":"api@x.example","password":"shiprocket-pass-1"}',
      answer: `{"token":"${jwt('shiprocket-subject')}","label_url":"https://kr.s3.amazonaws.com/a.pdf?X-Amz-Expires=900&X-Amz-Signature=AwsSig0123456789abcdef"}`,
    },
  ],
  [
    'Zapier',
    ['zapier-hook-token', 'zapier-api-key-1', 'zapier-relay-token'],
    {
      url: 'https://hooks.zapier.com/hooks/catch/123456/zapier-hook-token/?api_key=zapier-api-key-1',
      headers: typed(JSON_TYPE, [
        'X-Relay-Authorization',
        'Bearer zapier-relay-token',
        'X-API-Key',
        'zapier-api-key-1',
      ]),
      body: '{"x":1}',
    },
  ],
  [
    'Facebook',
    ['BAAGm0PX4ZCpsBAJ4ZCabcdefghijkl', 'fb-app-secret', 'fb-proof-0123'],
    {
      url: 'https://graph.facebook.com/v19.0/me/accounts?access_token=EAABAAGm0PX4ZCpsBAJ4ZCabcdefghijkl&appsecret_proof=fb-proof-0123&client_secret=fb-app-secret&fb_exchange_token=EAABAAGm0PX4ZCpsBAJ4ZCabcdefghijkl',
      answer: String.raw`{"data":[{"access_token":"EAABAAGm0PX4ZCpsBAJ4ZCabcdefghijkl","id":"1"}],"paging":{"next":"https:\/\/graph.facebook.com\/v19.0\/1\/accounts?access_token=EAABAAGm0PX4ZCpsBAJ4ZCabcdefghijkl&limit=25&after=MTAx"}}`,
    },
  ],
  [
    'X OAuth 1.0a',
    ['x-consumer-key-1', 'x-oauth-token-2', 'tnnArxj06cWHq44gCs1OSKk'],
    {
      url: 'https://api.x.com/1.1/statuses/update.json',
      headers: typed(FORM, [
        'Authorization',
        'OAuth oauth_consumer_key="x-consumer-key-1", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature="tnnArxj06cWHq44gCs1OSKk%2FjLY%3D", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_token="x-oauth-token-2", oauth_version="1.0"',
      ]),
      body: 'status=Hello',
    },
  ],
  [
    'X OAuth 2',
    ['x-verifier-1234', 'x-refresh-5678', 'x-client-secret-9'],
    {
      url: 'https://api.x.com/2/oauth2/token',
      headers: typed(FORM),
      body: 'grant_type=authorization_code&code_verifier=x-verifier-1234&refresh_token=x-refresh-5678&client_secret=x-client-secret-9',
      answer: '{"access_token":"x-refresh-5678","refresh_token":"x-refresh-5678"}',
    },
  ],
  [
    'Google',
    [
      '0AX4XfWgGoogleCode',
      'google-secret-77',
      'a0AfH6SMBx-abcdefghijkl',
      'google-subject-1',
      'SyD-0123456789abcdefghijklmnopqrs',
    ],
    {
      url: 'https://oauth2.googleapis.com/token?key=AIzaSyD-0123456789abcdefghijklmnopqrs',
      headers: typed(FORM, bearer('ya29.a0AfH6SMBx-abcdefghijkl')),
      body: `code=4%2F0AX4XfWgGoogleCode&client_secret=google-secret-77&assertion=${jwt('google-subject-1')}`,
      answerHeaders: typed(JSON_TYPE, ['Content-Encoding', 'gzip']),
      answer: gzipSync(
        `{"access_token":"ya29.a0AfH6SMBx-abcdefghijkl","refresh_token":"1//0AX4XfWgGoogleCode-abcdefghijklmnopq","id_token":"${jwt('google-subject-1')}"}`,
      ),
    },
  ],
  [
    'Google service account',
    ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'],
    {
      url: 'https://iam.googleapis.com/v1/keys',
      answer: String.raw`{"private_key":"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n"}`,
    },
  ],
  [
    'Open-Meteo',
    ['open-meteo-key-1'],
    {
      url: 'https://customer-api.open-meteo.com/v1/forecast?latitude=1&apikey=open-meteo-key-1',
    },
  ],
  [
    'OpenWeather',
    ['0f1e2d3c4b5a69788796a5b4c3d2e1f0'],
    {
      url: 'https://api.openweathermap.org/data/2.5/weather?q=London&appid=0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    },
  ],
  [
    'Telegram',
    ['AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1'],
    {
      url: 'https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/getMe',
    },
  ],
  [
    'proxy',
    ['proxy-password-1'],
    {
      url: 'https://me:proxy-password-1@db.example/x',
      headers: ['Proxy-Authorization', `Basic ${base64('me:proxy-password-1')}`],
    },
  ],
];
