import { BlockList, isIP } from 'node:net';

/** Whether a host is reached without a proxy. */
type Exception = (hostname: string, port: number) => boolean;

function inSubnet(address: string, prefix: number): Exception {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const subnet = new BlockList();
  subnet.addSubnet(address, prefix, family);
  return (hostname) =>
    isIP(hostname) !== 0 && subnet.check(hostname, isIP(hostname) === 6 ? 'ipv6' : 'ipv4');
}

function atAddress(address: string): Exception {
  return inSubnet(address, isIP(address) === 6 ? 128 : 32);
}

/** A name stands for itself and for everything below it, with a dot in front or without. */
function atOrBelow(text: string): Exception {
  const name = text
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return (hostname) => {
    const asked = hostname.replace(/\.$/, '').toLowerCase();
    return name !== '' && (asked === name || asked.endsWith(`.${name}`));
  };
}

function subnetOf(text: string): Exception | null {
  const [, address = '', prefix = ''] = /^\[?([\da-f:.]+)\]?\/(\d{1,3})$/i.exec(text) ?? [];
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) === 0 || Number(prefix) > most ? null : inSubnet(address, Number(prefix));
}

function exceptionOf(text: string): Exception {
  if (text === '*') return () => true;
  const subnet = subnetOf(text);
  if (subnet !== null) return subnet;
  if (isIP(text) !== 0) return atAddress(text);
  const [, host = text, port] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text) ?? [];
  const bare = host.replace(/^\[|\]$/g, '');
  const matches = isIP(bare) === 0 ? atOrBelow(bare) : atAddress(bare);
  if (port === undefined) return matches;
  return (hostname, at) => at === Number(port) && matches(hostname, at);
}

/**
 * Reads NO_PROXY: names, addresses, either with a port, subnets such as 10.0.0.0/8, or `*`, between
 * commas or spaces. Subnets hold for hosts that are addresses; names are not resolved for them.
 */
export function parseNoProxy(text: string): Exception {
  const exceptions = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(exceptionOf);
  return (hostname, port) => exceptions.some((exception) => exception(hostname, port));
}
