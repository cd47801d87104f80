// Mailchimp's own client, whose superagent asks for no agent at all.

import mailchimp from '@mailchimp/mailchimp_marketing';

mailchimp.setConfig({ apiKey: '0123456789abcdef0123456789abcdef-us1', server: 'us1' });
process.stdout.write(JSON.stringify(await mailchimp.ping.get()));
