import type { Failure, HandshakeFailure, Proxy } from '@calltape/proxy';
import { visible } from '@calltape/store';
import type { Output } from './output.ts';
import type { RecordTargets } from './record-targets.ts';
import { counted } from './units.ts';

/**
 * How to send a program's calls through the recorder, a line each.
 *
 * @param certificateFile - What a program has to trust for its https calls to be recorded.
 */
export function advice(
  url: string,
  { byPrefix }: RecordTargets,
  certificateFile: string | null,
): string[] {
  if (byPrefix.size === 0) return forwardAdvice(url, certificateFile);
  return Array.from(
    byPrefix,
    ([prefix, target]) =>
      `Set the base URL of your program to ${url}${prefix} in place of ${target.origin}.`,
  );
}

function forwardAdvice(url: string, certificateFile: string | null): string[] {
  const variables = `Set HTTP_PROXY and HTTPS_PROXY of your program to ${url}; Node.js also needs NODE_USE_ENV_PROXY=1.`;
  if (certificateFile === null) return [variables];
  const trust = `https:// calls are recorded if it trusts ${certificateFile}: for Node.js set NODE_EXTRA_CA_CERTS to that; calltape ca says how for others.`;
  return [variables, trust];
}

/** A line that is said once for each host. */
function oncePerHost(output: Output): (authority: string, line: string) => void {
  const told = new Set<string>();
  return (authority, line) => {
    if (told.has(authority) || told.size >= MAX_HOSTS_TOLD) return;
    told.add(authority);
    output.talk(visible(line));
  };
}

/** Past this many hosts the terminal is no help any more; the tape has all of them. */
const MAX_HOSTS_TOLD = 200;

/** Says that the encrypted calls to a host pass unread. */
export function unrecordedTalk(output: Output): (authority: string) => void {
  const say = oncePerHost(output);
  return (authority) => {
    const host = authority.replace(/:443$/, '');
    say(
      authority,
      `The calls to https://${host} pass unread, as --tunnel or --intercept wants it.`,
    );
  };
}

/** Says at the end what came too fast to be kept call by call. */
export function tellUnkeptRefusals({ unkeptRefusals }: Proxy, output: Output): void {
  if (unkeptRefusals === 0) return;
  output.talk(
    `Another ${counted(unkeptRefusals, 'refused request or tunnel')} came too fast to be kept; those on the ` +
      'tape say what is wrong with them (calltape calls outcome:error).',
  );
}

/** Says once for each host and reason where its encrypted calls do not get to. */
export function tunnelTalk(output: Output): (authority: string, failure: Failure) => void {
  const told = new Set<string>();
  return (authority, { code, message }) => {
    const once = `${authority} ${code}`;
    if (told.has(once)) return;
    told.add(once);
    output.talk(`The calls to ${visible(authority)} fail (${code}). ${visible(message)}`);
  };
}

/** Says why the encrypted calls to a host could not be recorded. */
export function handshakeTalk(output: Output): (failure: HandshakeFailure) => void {
  const say = oncePerHost(output);
  return ({ authority, code, message }) => say(`${code} ${authority}`, message);
}
