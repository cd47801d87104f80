import type { ValueKind } from './value-kinds.ts';

/** A name or address with or without a port; `*` stands for any characters. */
const HOST_PATTERN = /^(?:\[[\da-f:.*]+\]|[^\s:/?#@[\]\\=,]+)(?::\d{1,5})?$/i;

/** Hosts and what is said about them, both as given. */
export interface HostText {
  readonly host: string;
  readonly text: string;
}

/** What stands before and behind the first `=`, which no host contains. */
function hostText(text: string): HostText | undefined {
  const at = text.indexOf('=');
  const host = text.slice(0, at);
  const rest = text.slice(at + 1);
  return at === -1 || rest === '' || !HOST_PATTERN.test(host) ? undefined : { host, text: rest };
}

export const HOST_URL: ValueKind<HostText> = {
  placeholder: 'HOST=URL',
  expected: 'a host and a URL such as api.stripe.com=http://localhost:3000',
  parse: hostText,
};
