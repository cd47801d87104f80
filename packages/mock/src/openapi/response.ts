import { STATUS_CODES } from '../node-http.ts';
import type { HeaderLine } from '@calltape/store';
import { unsendable } from '../described-plan.ts';
import { ExactNumber, plainNumbers } from '../exact-json.ts';
import type { Random } from '../random.ts';
import type { SourceNode } from '../source-node.ts';
import type { OpenApiDocument } from './document.ts';
import { drawnValue, readMedia } from './media.ts';
import type { Media } from './media.ts';

/** A header field of an answer, as the description has it. */
interface HeaderMaker {
  readonly name: string;
  readonly text: (random: Random) => string;
}

/** An answer that an operation may give. */
export interface DescribedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly media: readonly Media[];
  readonly headers: (random: Random) => HeaderLine[];
}

/** A response by what it is called among those of its operation: a status, `2XX`, `default`. */
export type KeyedResponse = readonly [key: string, node: SourceNode];

/** All responses of an operation, in their order. */
export function responsesOf(responses: SourceNode): readonly KeyedResponse[] {
  return responses.members().filter(([key]) => /^[1-5](?:\d\d|XX)$|^default$/.test(key));
}

/** `2XX` and `default` stand for several; 200 is one of each. */
function statusOf(key: string): number {
  return /^[2-5]\d\d$/.test(key)
    ? Number(key)
    : key === 'default'
      ? 200
      : Number(`${key[0] ?? '2'}00`);
}

/** The first answer that means success; where there is none, the first that means no failure. */
export function chosenResponse(responses: SourceNode): KeyedResponse | undefined {
  const all = responsesOf(responses);
  const first = (test: (key: string) => boolean) => all.find(([key]) => test(key));
  return (
    first((key) => /^2\d\d$/.test(key)) ??
    first((key) => key === '2XX') ??
    first((key) => key === 'default') ??
    first((key) => key.startsWith('3')) ??
    first(() => true)
  );
}

function headerText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return value.map(headerText).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function headerMaker(name: string, node: SourceNode, document: OpenApiDocument): HeaderMaker[] {
  const lower = name.toLowerCase();
  // RFC 9110 section 8.3 and OpenAPI say it with the content; the length is that of the content.
  if (lower === 'content-type' || lower === 'content-length') return [];
  const [, example] = node.get('examples').members()[0] ?? [];
  const fixed = node.has('example')
    ? node.get('example')
    : document.followed(example ?? node).get('value');
  if (fixed.value !== undefined) return [{ name, text: () => headerText(fixed.value) }];
  const schema = plainNumbers(node.get('schema').value);
  if (schema === undefined) return [];
  return [{ name, text: (random) => headerText(drawnValue(schema, document, random)) }];
}

function headersOf(node: SourceNode, document: OpenApiDocument): DescribedResponse['headers'] {
  const makers = node
    .get('headers')
    .members()
    .flatMap(([name, header]) => headerMaker(name, document.followed(header), document));
  return (random) =>
    makers.flatMap(({ name, text }): HeaderLine[] => {
      const value = text(random);
      return unsendable(name, value) === undefined ? [[name, value]] : [];
    });
}

/** A sentence instead of a response says why it cannot be given. */
export function readResponse(
  [key, node]: KeyedResponse,
  document: OpenApiDocument,
): DescribedResponse | string {
  const response = document.followed(node).object();
  const content = response.get('content').members();
  const media = content.flatMap(([type, one]) => readMedia(type, one, document) ?? []);
  if (content.length > 0 && media.length === 0) {
    return `${response.pointer}/content has neither an example nor a schema of JSON, of text or of a form`;
  }
  const status = statusOf(key);
  const headers = headersOf(response, document);
  return { status, statusText: STATUS_CODES[status] ?? '', media, headers };
}
