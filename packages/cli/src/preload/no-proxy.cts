/** A host that a program calls. */
export interface Called {
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
}

/** Whether NO_PROXY, as curl and Node.js read it, sends calls to this host directly. */
function isDirect(list: string, called: Called): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || matches(entry, called));
}

function matches(entry: string, { hostname, port }: Called): boolean {
  const withPort = /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? /^([^:]+):(\d+)$/.exec(entry);
  const [, host = entry, wanted] = withPort ?? [];
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const bare = host.replace(/^\*?\./, '');
  const name = hostname.toLowerCase();
  return bare !== '' && (name === bare || name.endsWith(`.${bare}`));
}

module.exports = { isDirect };

export type IsDirect = typeof isDirect;
