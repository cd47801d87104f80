import { isUtf8 } from 'node:buffer';
import type { Exchange, HeaderLine, RecordedRequest } from './exchange.ts';
import { header } from './headers.ts';
import { visible } from './visible.ts';

/** Linux takes words of at most 128 KiB; what is longer goes through a pipe. */
const MOST_WORD_BYTES = 100_000;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** What curl writes itself, for this connection and this length (RFC 9110 section 7.6.1). */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Fields that curl adds unless it is told of them. */
const ADDED_FIELDS = ['User-Agent', 'Accept'] as const;

/**
 * Exchanges as commands for a POSIX shell, each sending the same request with curl. Whatever is in
 * a request, no part of it is run, nor acts on a terminal that shows the text.
 */
export function* toCurl(exchanges: Iterable<Exchange>): Generator<string> {
  yield '#!/bin/sh\n# Secrets are placeholders where they were redacted: put your own in their place.\n';
  for (const exchange of exchanges) yield `\n${curlCommand(exchange)}`;
}

/** The command of one call, with a line of comment in front. */
export function curlCommand(exchange: Exchange): string {
  const { request, response } = exchange;
  const body = bodyPart(request);
  const words = [
    'curl --globoff --path-as-is',
    ...methodWords(request),
    ...versionWords(request),
    ...fieldWords(request),
    ...body.words,
    `--url ${shellWord(request.url)}`,
  ];
  const came = response === null ? exchange.outcome : String(response.status);
  const comments = [`Call ${exchange.id}: ${request.method} ${request.url} -> ${came}`];
  if (body.note !== null) comments.push(body.note);
  const lines = comments.map((line) => `# ${visible(line)}\n`).join('');
  return `${lines}${body.before}${words.join(' \\\n  ')}\n`;
}

function methodWords({ method, body }: RecordedRequest): string[] {
  // With --request curl would wait for the body that an answer to HEAD never has.
  return method === 'HEAD' && body.bytes.length === 0
    ? ['--head']
    : [`--request ${shellWord(method)}`];
}

function versionWords({ httpVersion }: RecordedRequest): string[] {
  if (httpVersion === '1.1') return [];
  return [httpVersion === '2' ? '--http2' : '--http1.0'];
}

function fieldWords({ url, headers, body }: RecordedRequest): string[] {
  const sent = headers
    .filter((line) => isSent(line, url))
    .map(([name, value]) => field(name, value));
  const added: string[] = ADDED_FIELDS.filter((name) => header(headers, name) === undefined);
  if (body.size > 0 && header(headers, 'content-type') === undefined) added.push('Content-Type');
  const withheld = added.map((name) => `--header '${name}:'`);
  const isCoded = header(headers, 'accept-encoding') !== undefined;
  return [...sent, ...withheld, ...(isCoded ? ['--compressed'] : [])];
}

function isSent([name, value]: HeaderLine, url: string): boolean {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name) || OWN_FIELDS.has(lower)) return false;
  if (lower !== 'host') return true;
  // A client of a recorder that stands for one API names the recorder, not the API.
  const isRecorder = /^(?:127\.|localhost(?::|$)|\[::1\])/i.test(value);
  return !isRecorder && !(URL.canParse(url) && value === new URL(url).host);
}

/** curl leaves a field out that ends with a colon; an empty one is written with a semicolon. */
function field(name: string, value: string): string {
  const text = /^[\t ]*$/.test(value) ? `${name};` : `${name}: ${value}`;
  return `--header ${shellWord(text)}`;
}

interface BodyPart {
  /** What stands in front of the command. */
  readonly before: string;
  readonly words: readonly string[];
  readonly note: string | null;
}

function bodyPart({ body }: RecordedRequest): BodyPart {
  const { bytes, size } = body;
  const isCut = bytes.length < size;
  const note = isCut
    ? `Only the first ${bytes.length} of ${size} bytes of the body were kept.`
    : null;
  if (bytes.length === 0) return { before: '', words: [], note };
  const text = readableText(bytes);
  if (text !== null) return { before: '', words: [`--data-raw ${quoted(text)}`], note };
  const base64 = Buffer.from(bytes).toString('base64');
  return { before: `printf %s '${base64}' | base64 -d | `, words: ['--data-binary @-'], note };
}

/** The text of a body that can stand in a command as it is; null for any other. */
function readableText(bytes: Uint8Array): string | null {
  if (bytes.length > MOST_WORD_BYTES || !isUtf8(bytes)) return null;
  const text = Buffer.from(bytes).toString();
  return isHarmless(text.replaceAll('\n', '')) ? text : null;
}

/** Nothing that a terminal would act on or hide, nor a tab, which shells complete. */
function isHarmless(text: string): boolean {
  return visible(text) === text;
}

/** A word that a shell gives on as it is: in quotes, or where it cannot stand so, spelled out. */
function shellWord(text: string): string {
  if (isHarmless(text) && isAscii(text)) return quoted(text);
  // Header values are Latin-1 text of the bytes on the wire; printf gives those bytes back.
  const isLatin1 = Buffer.from(text, 'latin1').toString('latin1') === text;
  const bytes = Buffer.from(text, isLatin1 ? 'latin1' : 'utf8');
  return `"$(printf '${[...bytes].map(spelled).join('')}')"`;
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text);
}

/** A byte within a format of printf, which must not begin with a hyphen. */
function spelled(byte: number, at: number): string {
  const character = String.fromCharCode(byte);
  if (/[\w ./:;=,+]/.test(character) || (character === '-' && at > 0)) return character;
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

function quoted(text: string): string {
  if (/^[A-Za-z]\w*$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
