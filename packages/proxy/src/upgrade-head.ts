import type { IncomingMessage } from 'node:http';
import { fieldKind } from './field-kind.ts';
import type { HeadScan } from './head-scan.ts';

/** Options of `Connection` that say nothing about other fields. */
const HARMLESS = new Set(['upgrade', 'keep-alive']);

/**
 * Whether a request is the opening handshake of a WebSocket (RFC 6455 section 4.1) and of nothing
 * else. A server may ignore every other offer to switch (RFC 9110 section 7.8); `h2c` in particular
 * would carry requests past the recorder.
 */
export function asksForWebSocket({ method, headers, httpVersion }: IncomingMessage): boolean {
  if (method !== 'GET' || httpVersion !== '1.1') return false;
  if (headers['transfer-encoding'] !== undefined) return false;
  if ((headers['content-length'] ?? '0') !== '0') return false;
  return isWebSocket(headers.upgrade ?? '');
}

function isWebSocket(protocols: string): boolean {
  return protocols.trim().toLowerCase() === 'websocket';
}

/** The protocol that an answer switches to is the one that was asked for, and no other. */
export function switchesToWebSocket(headers: readonly string[]): boolean {
  const named = headers.filter((_, at) => at % 2 === 1 && isUpgrade(headers[at - 1] ?? ''));
  return named.length === 1 && isWebSocket(named[0] ?? '');
}

function isUpgrade(name: string): boolean {
  return name.toLowerCase() === 'upgrade';
}

/** `Connection` as it came, unless it names fields that go no further. */
function connectionValue(value: string): string {
  const options = value.split(',').map((option) => option.trim().toLowerCase());
  return options.every((option) => HARMLESS.has(option)) ? value : 'Upgrade';
}

function isPassed(name: string, named: readonly string[] | null): boolean {
  if (isUpgrade(name)) return true;
  const kind = fieldKind(name);
  if (kind === 'connection') return true;
  return kind !== 'hop' && kind !== 'keep-alive' && named?.includes(name.toLowerCase()) !== true;
}

/**
 * The field lines of a handshake to put on the wire: those of RFC 9110 section 7.6.1 are left out, but
 * for the two that make the switch.
 */
export function handshakeFields(raw: readonly string[], { named }: HeadScan): string[] {
  const fields: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (!isPassed(name, named)) continue;
    fields.push(name, fieldKind(name) === 'connection' ? connectionValue(value) : value);
  }
  return fields;
}

/** The same for a request, with the upstream's own name in `Host` unless the client's is kept. */
export function handshakeRequest(
  raw: readonly string[],
  head: HeadScan,
  authority: string,
  keepHost: boolean,
): string[] {
  const fields = handshakeFields(raw, head);
  if (keepHost) return fields;
  return fields.map((text, at) =>
    at % 2 === 1 && fieldKind(fields[at - 1] ?? '') === 'host' ? authority : text,
  );
}
