import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import type { WebAPIPlatformError } from '@slack/web-api';

/** Slack's own client; only its base URL is changed (and it is told to be quiet). */
function clientFor(url: string): WebClient {
  return new WebClient('xoxb-0123456789-CalltapeStoryToken', {
    slackApiUrl: `${url}/api/`,
    logLevel: LogLevel.ERROR,
  });
}

function isPlatformError(error: unknown): error is WebAPIPlatformError {
  return error instanceof Error && 'code' in error && error.code === ErrorCode.PlatformError;
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return error.data;
  }
}

/** A bot's day with Slack: who am I, where am I, say something twice, and an error. */
export async function slackStory(url: string): Promise<unknown[]> {
  const slack = clientFor(url);
  const me = await slack.auth.test();
  const places = await slack.conversations.list({ limit: 2 });
  const channel = places.channels?.[0]?.id ?? '';
  const first = await slack.chat.postMessage({ channel, text: 'The build is green.' });
  const second = await slack.chat.postMessage({ channel, text: 'The build is red: Zürich ✗' });
  const said = await slack.conversations.history({ channel });
  const unknown = await failure(slack.chat.postMessage({ channel: 'C0NOWHERE', text: 'hello?' }));
  return [me, places, first, second, said, unknown];
}

/** One call, so that what its retries do can be told apart from everything else. */
export async function whoAmIOnSlack(url: string): Promise<unknown> {
  return clientFor(url).auth.test();
}
