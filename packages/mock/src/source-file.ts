import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { exchangeOfDraft, importCalls, messagesOfDraft } from '@calltape/store';
import type { Exchange, HarCall } from '@calltape/store';
import type { Description, DescriptionOptions } from './described.ts';
import { MockError } from './errors.ts';
import { apiDescription } from './openapi/api-description.ts';
import type { ApiDescription } from './openapi/api-description.ts';
import { operationsOf } from './openapi/description.ts';
import {
  isOpenApi,
  isOpenApiYaml,
  openApiSource,
  openApiValue,
  yamlOf,
} from './openapi/description-text.ts';
import { isWebSocket } from './recording.ts';
import type { Recording } from './recording.ts';
import { recordingsOfCalls } from './recordings-of.ts';
import { isRecord } from './source-node.ts';
import type { SourceFile } from './source-node.ts';
import { jsonOf, sourceText } from './source-text.ts';
import { keepMessages } from './web-socket/recorded-messages.ts';
import { stubsOfFile, stubsOfFolder } from './wiremock/mapping-files.ts';

/** What a file that is to be played holds. */
export type Source =
  | { readonly kind: 'tape'; readonly file: string }
  | { readonly kind: 'calls'; readonly recordings: readonly Recording[] }
  | { readonly kind: 'description'; readonly description: Description };

/** Whoever wants to know what of the files is left out. */
export type Warn = (warning: string) => void;

const SWITCHING = 101;
const SQLITE_MAGIC = 'SQLite format 3\0';
const KINDS =
  'a tape, a HAR, JSON of nock, mappings of WireMock or an OpenAPI description of version 3';

/** A tape is known by its first bytes, and whatever is no text is left to the reader of tapes. */
function isTape(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return true;
  }
  try {
    const start = Buffer.alloc(SQLITE_MAGIC.length);
    const size = readSync(descriptor, start);
    const found = start.subarray(0, size);
    return size === 0 || found.toString('latin1') === SQLITE_MAGIC || found.includes(0);
  } finally {
    closeSync(descriptor);
  }
}

function sourceOf(
  file: string,
  format = 'JSON',
  code: SourceFile['code'] = 'SOURCE_INVALID',
): SourceFile {
  return { file, format, code };
}

/** Some tools write how long an answer was, and nothing of it. */
function isBare(response: Exchange['response']): boolean {
  return response !== null && response.body.bytes.length < response.body.size;
}

/** Only some tools write the messages of a WebSocket. */
function isUnheard({ response, messages }: HarCall): boolean {
  return response?.status === SWITCHING && messages === undefined;
}

/** The id of an exchange is the place of its draft. */
function keepMessagesOf(recording: Recording, drafts: readonly HarCall[]): void {
  const { id } = recording.exchange;
  const draft = drafts[id - 1];
  if (draft !== undefined) keepMessages(recording, messagesOfDraft(draft, id));
}

function callsOf(text: string, file: string, warn: Warn): Source {
  const { format, drafts, leftOut } = importCalls(text, file);
  for (const [what, count] of leftOut) warn(`Left out of ${file}: ${count} x ${what}.`);
  const silent = drafts.filter((draft) => isUnheard(draft)).length;
  if (silent > 0) {
    warn(`Left out of ${file}: ${silent} x WebSocket of which it does not say what went over it.`);
  }
  const exchanges = drafts.map((draft, at) =>
    exchangeOfDraft(draft, { id: at + 1, recording: file, source: format }),
  );
  const recordings = recordingsOfCalls(file, exchanges);
  for (const recording of recordings.filter(isWebSocket)) keepMessagesOf(recording, drafts);
  const bare = recordings.filter(({ exchange: { response } }) => isBare(response)).length;
  if (bare > 0) {
    warn(`${bare} of the answers in ${file} have no content there, and get 500 in its place.`);
  }
  return { kind: 'calls', recordings };
}

function unknown(file: string): MockError {
  return new MockError(
    'SOURCE_UNKNOWN',
    `Failed to read "${file}": it is none of what can be played. Name ${KINDS}.`,
  );
}

function isMappings(value: Record<string, unknown>): boolean {
  if (Array.isArray(value['mappings'])) return true;
  return 'response' in value && ('request' in value || 'newRequest' in value);
}

function jsonSource(text: string, file: string, options: DescriptionOptions, warn: Warn): Source {
  const value = jsonOf(text, sourceOf(file));
  if (Array.isArray(value) || (isRecord(value) && 'log' in value)) return callsOf(text, file, warn);
  if (!isRecord(value)) throw unknown(file);
  if (isOpenApi(value)) {
    const description = operationsOf(value, openApiSource(file), options, warn);
    return { kind: 'description', description };
  }
  if (!isMappings(value)) throw unknown(file);
  return { kind: 'description', description: stubsOfFile(file, value, options, warn) };
}

/**
 * Reads a file that is to be played, and tells what it is by what is in it. A tape is not opened
 * yet.
 *
 * @throws TapeError or MockError naming the file, the place in it and what to do.
 */
export function readSource(file: string, options: DescriptionOptions, warn: Warn): Source {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    return { kind: 'description', description: stubsOfFolder(file, options, warn) };
  }
  if (isTape(file)) return { kind: 'tape', file };
  const text = sourceText(sourceOf(file, 'file'));
  if (/^\s*[[{]/.test(text)) return jsonSource(text, file, options, warn);
  if (!isOpenApiYaml(text)) return { kind: 'tape', file };
  const source = openApiSource(file);
  const description = operationsOf(yamlOf(text, source), source, options, warn);
  return { kind: 'description', description };
}

/**
 * The OpenAPI document in a file; undefined for a file that is something else.
 *
 * @throws MockError OPENAPI_INVALID naming the file, the place in it and what to do.
 */
export function readDescription(file: string): ApiDescription | undefined {
  const source = openApiSource(file);
  const value = openApiValue(sourceText(source), source);
  return value === undefined ? undefined : apiDescription(value, source);
}
