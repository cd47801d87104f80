// Slack's own client, which uses fetch.

import { WebClient } from '@slack/web-api';

const { ok, user } = await new WebClient('xoxb-0123456789-CalltapeRunToken').auth.test();
process.stdout.write(JSON.stringify({ ok, user }));
