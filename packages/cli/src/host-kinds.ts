import { HOST_PATTERN, type ValueKind } from './value-kinds.ts';

/** Hosts and what is said about them, both as given. */
export interface HostText {
  readonly host: string;
  readonly text: string;
}

/** What stands before and behind the first `=`, which no host contains. */
function hostText(text: string): HostText | undefined {
  const at = text.indexOf('=');
  const host = text.slice(0, Math.max(0, at));
  const rest = text.slice(at + 1);
  const isHost = HOST_PATTERN.parse(host) !== undefined;
  return isHost && rest !== '' ? { host, text: rest } : undefined;
}

export const HOST_URL: ValueKind<HostText> = {
  placeholder: 'HOST=URL',
  expected: 'a host and a URL such as api.stripe.com=http://localhost:3000',
  parse: hostText,
};

export const HOST_FILE: ValueKind<HostText> = {
  placeholder: 'HOST=FILE',
  expected: 'a host and its files such as api.bank.example=cert.pem,key.pem',
  parse: hostText,
};

const PROXY =
  /^(?:(?:https?|socks(?:4a?|5h?)?):\/\/)?(?:[^\s@/?#]*@)?(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?\/?$/i;

export const PROXY_URL: ValueKind<string> = {
  placeholder: 'URL|none',
  expected: 'none, or a URL such as http://proxy.example:3128 or socks5h://127.0.0.1:1080',
  parse: (text) => (text === 'none' || PROXY.test(text) ? text : undefined),
};
