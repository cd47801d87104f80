import { visible } from '@calltape/store';
import type { Output } from './output.ts';

/** How to send a program's calls through a recorder of one target. */
export function reverseAdvice(url: string, target: URL): string {
  return `Set the base URL of your program to ${url} in place of ${target.origin}.`;
}

/** How to send a program's calls through a recorder of any host. */
export function forwardAdvice(url: string): string {
  return (
    `Set HTTP_PROXY and HTTPS_PROXY of your program to ${url}; Node.js also needs ` +
    'NODE_USE_ENV_PROXY=1. Only http:// calls are recorded this way; https:// ones pass unread.'
  );
}

/** Says once for each host that its encrypted calls pass unread, and how to record them. */
export function unrecordedTalk(output: Output): (authority: string) => void {
  const told = new Set<string>();
  return (authority) => {
    if (told.has(authority)) return;
    told.add(authority);
    const host = visible(authority).replace(/:443$/, '');
    output.talk(
      `The calls to https://${host} pass unrecorded, since they are encrypted. To record them: ` +
        `calltape record https://${host}, and set the base URL of your program.`,
    );
  };
}
