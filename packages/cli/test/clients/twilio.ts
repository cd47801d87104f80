// Twilio's own client, which brings an agent and turns axios's support for proxies off.

import twilio from 'twilio';

const client = twilio('AC0123456789abcdef0123456789abcdef', 'an-auth-token');
const message = await client.messages.create({
  to: '+15005550006',
  from: '+15005550001',
  body: 'hi',
});
process.stdout.write(JSON.stringify({ sid: message.sid, status: message.status }));
