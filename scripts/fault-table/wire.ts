import { connect } from 'node:net';
import { LIMIT_MS } from './outcome.ts';

/** How long a connection has to be silent after a whole answer to count as left open. */
const QUIET_MS = 150;

function partsOf(text: string): { readonly head: string; readonly content: string } | null {
  const end = text.indexOf('\r\n\r\n');
  return text.startsWith('HTTP/1.1 ') && end !== -1
    ? { head: text.slice(0, end).toLowerCase(), content: text.slice(end + 4) }
    : null;
}

function isWhole(text: string): boolean {
  const parts = partsOf(text);
  if (parts === null) return false;
  const length = /\r\ncontent-length: (\d+)/.exec(parts.head)?.[1];
  if (length !== undefined) return parts.content.length >= Number(length);
  return parts.content.endsWith('\r\n0\r\n\r\n');
}

function words(text: string, ending: string): string {
  if (text === '') return `nothing, ${ending}`;
  const parts = partsOf(text);
  if (parts === null) return `${text.length} bytes that are no HTTP, ${ending}`;
  const status = parts.head.slice('http/1.1 '.length, 'http/1.1 200'.length);
  const content = parts.content === '' ? '' : `, ${parts.content.length} bytes`;
  return `head (${status})${content}, ${ending}`;
}

/** What goes over the wire to a client that knows no HTTP: `head (200), 40 bytes, RST`. */
export async function onTheWire(port: number, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let timer = setTimeout(() => resolve('silence'), LIMIT_MS * 2);
  const limit = setTimeout(() => resolve('silence'), LIMIT_MS);
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => {
    text += piece;
    clearTimeout(timer);
    if (isWhole(text)) timer = setTimeout(() => resolve('stays open'), QUIET_MS);
  });
  socket.on('end', () => resolve('FIN'));
  socket.on('error', () => resolve('RST'));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: mock\r\n\r\n`);
  const ending = await promise;
  clearTimeout(timer);
  clearTimeout(limit);
  socket.destroy();
  return words(text, ending);
}
