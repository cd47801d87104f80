import type { Endpoint } from '@calltape/store';
import { contractDocument } from './contract-schema.ts';
import { problemFinding, type ContractFinding } from './contract-finding.ts';
import type { Direction } from './drift.ts';
import { followed, isNode, memberOf, nodeAt, type Node } from './json-node.ts';
import type { LearnedCall, LearnedMessage } from './learned-call.ts';
import { parseBody, SpelledNumber } from './parse-body.ts';
import { UnknownKeys } from './unknown-keys.ts';
import { DocumentSchemas } from './validate.ts';

/** An OpenAPI document, and where its operations are. */
export interface ContractSource {
  readonly version: '3.0' | '3.1';
  readonly document: unknown;
  readonly operations: readonly ContractOperation[];
}

export interface ContractOperation {
  readonly method: string;
  /** Paths that it is at, with parameters in braces. */
  readonly templates: readonly string[];
  /** A JSON Pointer into the document. */
  readonly pointer: string;
}

/** What one message was held against, and what was wrong with it. */
export interface Checked {
  readonly direction: Direction;
  readonly status: number | null;
  readonly findings: readonly ContractFinding[];
  /** Why its body could not be held against anything; null when it could. */
  readonly unchecked: string | null;
}

interface Side {
  readonly document: Node;
  readonly schemas: DocumentSchemas;
  readonly keys: UnknownKeys;
}

/** Holds calls against a description of their API. */
export class Contract {
  readonly #sides: Readonly<Record<Direction, Side>>;
  readonly #operations = new Map<string, ContractOperation>();

  constructor({ version, document, operations }: ContractSource) {
    const side = (direction: Direction): Side => {
      const own = contractDocument(document, version, direction);
      return { document: own, schemas: new DocumentSchemas(own), keys: new UnknownKeys(own) };
    };
    this.#sides = { request: side('request'), response: side('response') };
    for (const operation of operations) {
      for (const template of operation.templates) {
        this.#operations.set(`${operation.method} ${template}`, operation);
      }
    }
  }

  knows({ method, template }: Pick<Endpoint, 'method' | 'template'>): boolean {
    return this.#operations.has(`${method} ${template}`);
  }

  /** Both messages of a call of an operation that is known; a request only when it was answered well. */
  check(call: LearnedCall): readonly Checked[] {
    const operation = this.#operations.get(`${call.method} ${call.template}`);
    const { status } = call;
    if (operation === undefined || status === null) return [];
    const answer = this.#response(operation, call, status);
    return status < 400 ? [this.#request(operation, call), answer] : [answer];
  }

  #request({ pointer }: ContractOperation, call: LearnedCall): Checked {
    const { document } = this.#sides.request;
    const place = this.#place('request', `${pointer}/requestBody`);
    const message = messageOf(call, 'request');
    const findings: ContractFinding[] = [];
    if (memberOf(nodeAt(document, place), 'required') === true && isEmpty(message)) {
      findings.push(emptied());
    }
    return this.#content('request', null, place, message, findings);
  }

  #response({ pointer }: ContractOperation, call: LearnedCall, status: number): Checked {
    const responses = nodeAt(this.#sides.response.document, `${pointer}/responses`);
    const keys = [String(status), `${String(status)[0]}XX`, `${String(status)[0]}xx`, 'default'];
    const key = keys.find((one) => memberOf(responses, one) !== undefined);
    if (key === undefined) {
      const known = isNode(responses) ? Object.keys(responses).join(', ') : '';
      const finding: ContractFinding = {
        location: `status:${status}`,
        kind: 'status-added',
        was: known || 'none',
        is: String(status),
      };
      return { direction: 'response', status, findings: [finding], unchecked: null };
    }
    const place = this.#place('response', `${pointer}/responses/${key}`);
    const message = messageOf(call, 'response');
    const content = memberOf(nodeAt(this.#sides.response.document, place), 'content');
    const hasContent = isNode(content) && Object.keys(content).length > 0 && call.method !== 'HEAD';
    const findings = hasContent && isEmpty(message) ? [emptied()] : [];
    return this.#content('response', status, place, message, findings);
  }

  #content(
    direction: Direction,
    status: number | null,
    place: string,
    message: LearnedMessage,
    findings: ContractFinding[],
  ): Checked {
    const checked = (unchecked: string | null = null): Checked => ({
      direction,
      status,
      findings,
      unchecked,
    });
    const content = memberOf(nodeAt(this.#sides[direction].document, place), 'content');
    if (isEmpty(message) || !isNode(content)) return checked();
    const type = bareType(message.contentType);
    const range = rangeFor(type, Object.keys(content));
    if (range === undefined) {
      const was = Object.keys(content).join(', ') || 'none';
      const is = type || 'none';
      findings.push({ location: 'content-type', kind: 'content-type-changed', was, is });
      return checked();
    }
    const schema = memberOf(content[range], 'schema');
    if (schema === undefined || message.body === null) return checked();
    const parsed = parseBody(message.body, type);
    if (parsed === undefined) return checked();
    if (!('value' in parsed)) return checked(`body ${parsed.unlearned}`);
    const pointer = `${place}/content/${escaped(range)}/schema`;
    try {
      return checked(this.#value(direction, pointer, plain(parsed.value), findings));
    } catch (error) {
      if (error instanceof RangeError) return checked('body nested too deep');
      throw error;
    }
  }

  /** @returns why the value could not be checked. */
  #value(
    direction: Direction,
    pointer: string,
    value: unknown,
    findings: ContractFinding[],
  ): string | null {
    const { document, schemas, keys } = this.#sides[direction];
    const problems = schemas.problems(pointer, value);
    if (typeof problems === 'string') return `body ${problems}`;
    for (const problem of problems) {
      const finding = problemFinding(problem, problems, value);
      if (finding !== undefined) findings.push(finding);
    }
    for (const location of keys.find(nodeAt(document, pointer), value)) {
      findings.push({ location, kind: 'field-added', was: 'not described', is: 'present' });
    }
    return null;
  }

  /** The pointer to a node, or to what it refers to. */
  #place(direction: Direction, pointer: string): string {
    const { document } = this.#sides[direction];
    const ref = memberOf(nodeAt(document, pointer), '$ref');
    if (typeof ref !== 'string' || !ref.startsWith('#/')) return pointer;
    return followed(document, nodeAt(document, pointer)) === undefined ? pointer : ref.slice(1);
  }
}

function emptied(): ContractFinding {
  return { location: '', kind: 'body-became-empty', was: 'content', is: 'no content' };
}

function messageOf(call: LearnedCall, direction: Direction): LearnedMessage {
  return direction === 'request'
    ? { contentType: call.requestContentType, headers: call.requestHeaders, body: call.requestBody }
    : {
        contentType: call.responseContentType,
        headers: call.responseHeaders,
        body: call.responseBody,
      };
}

function isEmpty({ body }: LearnedMessage): boolean {
  return body !== null && body.length === 0;
}

function bareType(type: string | null): string {
  return (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The key of `content` that a media type falls under: itself, else the narrowest range. */
function rangeFor(type: string, keys: readonly string[]): string | undefined {
  const [main = ''] = type.split('/', 1);
  const named = [type, `${main}/*`, '*/*'];
  return named.flatMap((name) => keys.filter((key) => bareType(key) === name))[0];
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Numbers as a schema has them, without the way in which they were written. */
function plain(value: unknown): unknown {
  if (value instanceof SpelledNumber) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (!isNode(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
