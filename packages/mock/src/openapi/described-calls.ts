import { newDraft, toFlat } from '@calltape/store';
import type { CallDraft, DraftBody, DraftResponse } from '@calltape/store';
import { isBodiless } from '../framing.ts';
import { randomAt, seedOf } from '../random.ts';
import type { Random } from '../random.ts';
import { SourceNode } from '../source-node.ts';
import { openApiSource, openApiValue } from './description-text.ts';
import { operationNodes } from './description.ts';
import { describedRequest } from './described-request.ts';
import type { DescribedRequest } from './described-request.ts';
import { OpenApiDocument } from './document.ts';
import type { OperationNodes } from './operation.ts';
import { chosenResponse, readResponse, responsesOf } from './response.ts';
import type { DescribedResponse, KeyedResponse } from './response.ts';
import { serversOf } from './servers.ts';

/** The calls that an OpenAPI description tells of. */
export interface DescribedCalls {
  /** Those that a mock of the description would answer with. */
  readonly chosen: readonly CallDraft[];
  /** Those with the other responses. */
  readonly others: readonly CallDraft[];
  /** What was left out, and why. */
  readonly warnings: readonly string[];
}

/** Where a description that names no server is. */
const SOMEWHERE = 'http://localhost';
/** What stands for every status that has no response of its own is mostly that of failures. */
const OTHER_STATUS = 500;
const FIRST_FINAL_STATUS = 200;
const NO_BYTES = new Uint8Array(0);

function draftBody(bytes: Uint8Array): DraftBody {
  return { pieces: bytes.length === 0 ? [] : [bytes], size: bytes.length, hash: null };
}

function contentsOf(response: DescribedResponse, random: Random): readonly Uint8Array[] {
  const [media] = response.media;
  if (media === undefined) return [NO_BYTES];
  return media.examples.length > 0 ? media.examples : [media.drawn(random)];
}

function draftResponse(
  method: string,
  { status, statusText, media, headers }: DescribedResponse,
  content: Uint8Array,
  random: Random,
): DraftResponse {
  const isEmpty = isBodiless(method, status);
  const type = media[0] === undefined ? [] : ['Content-Type', media[0].type];
  const length = isEmpty ? [] : ['Content-Length', String(content.length)];
  return {
    status,
    statusText,
    httpVersion: '1.1',
    headers: [...type, ...toFlat(headers(random)), ...length],
    body: draftBody(isEmpty ? NO_BYTES : content),
    trailers: [],
    interim: [],
    chunks: [],
  };
}

/** Makes the calls of the operations of a description. */
class CallMaker {
  readonly chosen: CallDraft[] = [];
  readonly others: CallDraft[] = [];
  readonly warnings: string[] = [];
  readonly #document: OpenApiDocument;
  readonly #seed: number;
  readonly #now: number;

  constructor(document: OpenApiDocument, seed: number, now: number) {
    this.#document = document;
    this.#seed = seed;
    this.#now = now;
  }

  add(nodes: OperationNodes): void {
    const responses = nodes.operation.get('responses');
    const chosen = chosenResponse(responses);
    if (chosen === undefined) this.#leaveOut(nodes, '', `${responses.pointer} has no response`);
    for (const one of responsesOf(responses)) this.#addResponse(nodes, one, one[0] === chosen?.[0]);
  }

  #addResponse(nodes: OperationNodes, keyed: KeyedResponse, isChosen: boolean): void {
    const [key] = keyed;
    try {
      const response = readResponse(keyed, this.#document);
      if (typeof response === 'string') this.#leaveOut(nodes, key, response);
      else if (response.status < FIRST_FINAL_STATUS) this.#leaveOut(nodes, key, 'it is no answer');
      else
        (isChosen ? this.chosen : this.others).push(
          ...this.#calls(nodes, keyed, response, isChosen),
        );
    } catch (error) {
      this.#leaveOut(nodes, key, error instanceof Error ? error.message : String(error));
    }
  }

  #leaveOut({ method, template }: OperationNodes, key: string, reason: string): void {
    const { file } = this.#document.root.source;
    const what = key === '' ? 'The operation' : `The response ${key} of`;
    this.warnings.push(`${what} "${method} ${template}" of ${file} is left out: ${reason}.`);
  }

  /** One for each example of a response, or one that is drawn. */
  #calls(
    nodes: OperationNodes,
    [key]: KeyedResponse,
    described: DescribedResponse,
    isChosen: boolean,
  ): CallDraft[] {
    const { method, template } = nodes;
    const random = randomAt(seedOf([this.#seed, method, template, key]), 1);
    const request = describedRequest(nodes, { document: this.#document, random }, !isChosen);
    const isRest = key === 'default' && !isChosen;
    const response = isRest ? { ...described, ...REST } : described;
    return contentsOf(response, random).map((content) => ({
      ...this.#draft(nodes, request),
      // Those that a mock answers with are the latest, which it plays of equal requests.
      startedAt: this.#now - (isChosen ? 0 : 1),
      response: draftResponse(method, response, content, random),
    }));
  }

  #draft({ method, template, item, operation }: OperationNodes, sent: DescribedRequest): CallDraft {
    const [server] = serversOf([operation, item, this.#document.root]);
    const { origin = null, basePath = '', host = null } = server ?? {};
    const draft = newDraft(method, (origin ?? SOMEWHERE) + basePath + sent.target);
    draft.template = basePath + template;
    draft.headers = ['Host', host ?? new URL(SOMEWHERE).host, ...sent.headers];
    draft.body = draftBody(sent.body);
    draft.outcome = 'complete';
    return draft;
  }
}

const REST = { status: OTHER_STATUS, statusText: 'Internal Server Error' };

/**
 * The calls that an OpenAPI description of version 3.0 or 3.1 tells of: each operation with each of
 * its responses, by their examples, and by their schemas where there is none.
 *
 * @param file - The file's name, for messages.
 * @param seed - Whole number that drawn values follow from.
 * @param now - When the calls were, milliseconds since the Unix epoch.
 * @returns undefined when the text is no such description.
 * @throws MockError OPENAPI_INVALID.
 */
export function describedCalls(
  text: string,
  file: string,
  seed: number,
  now: number = Date.now(),
): DescribedCalls | undefined {
  const source = openApiSource(file);
  const value = openApiValue(text, source);
  if (value === undefined) return undefined;
  const document = new OpenApiDocument(new SourceNode(source, value));
  const maker = new CallMaker(document, seed, now);
  for (const nodes of operationNodes(document)) maker.add(nodes);
  return maker;
}
