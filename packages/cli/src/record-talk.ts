import type { Proxy } from '@calltape/proxy';
import { visible } from '@calltape/store';
import type { Output } from './output.ts';
import type { RecordTargets } from './record-targets.ts';
import { counted } from './units.ts';

/** How to send a program's calls through the recorder, a line each. */
export function advice(url: string, { byPrefix }: RecordTargets): string[] {
  if (byPrefix.size === 0) return [forwardAdvice(url)];
  return Array.from(
    byPrefix,
    ([prefix, target]) =>
      `Set the base URL of your program to ${url}${prefix} in place of ${target.origin}.`,
  );
}

function forwardAdvice(url: string): string {
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

/** Says at the end what came too fast to be kept call by call. */
export function tellUnkeptRefusals({ unkeptRefusals }: Proxy, output: Output): void {
  if (unkeptRefusals === 0) return;
  output.talk(
    `Another ${counted(unkeptRefusals, 'refused request')} came too fast to be kept; those on the ` +
      'tape say what is wrong with them (calltape calls outcome:error).',
  );
}
