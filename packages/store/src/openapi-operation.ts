import { decodeBody } from './decode.ts';
import { bodyText, mediaType } from './decode-text.ts';
import type { Body, Exchange, HeaderLine } from './exchange.ts';
import { emptyShape, type JsonSchema, learn, schemaOf, type Shape } from './infer-schema.ts';
import { ParameterShapes } from './openapi-parameters.ts';
import { byName } from './by-name.ts';
import { pathOfTemplate } from './endpoint/operation.ts';
import { isSecretParameter, securityOf, type SecurityScheme } from './openapi-security.ts';

/** What the bodies of one media type have been. */
interface Content {
  readonly json: Shape;
  readonly form: ParameterShapes;
  samples: number;
  isText: boolean;
}

type Contents = Map<string, Content>;

interface Answers {
  readonly contents: Contents;
  description: string;
}

/** One method of one path: what its calls have in common. */
export class OperationShapes {
  readonly #path = new ParameterShapes();
  readonly #query = new ParameterShapes();
  readonly #requests: Contents = new Map();
  readonly #responses = new Map<number, Answers>();
  /** Each way in which calls have authenticated, as a list of names. */
  readonly #security = new Set<string>();
  #calls = 0;
  #withBody = 0;

  /** Takes a whole call in; `schemes` gets what it authenticates with. */
  add(exchange: Exchange, schemes: Map<string, SecurityScheme>): void {
    const { request, response, endpoint } = exchange;
    if (response === null) return;
    this.#calls += 1;
    const url = new URL(request.url);
    const query = [...url.searchParams];
    this.#path.add(pathParameters(pathOfTemplate(endpoint.template), request.url));
    this.#query.add(query.filter(([name]) => !isSecretParameter(name)));
    this.#addSecurity(securityOf(request, query), schemes);
    if (request.body.size > 0) this.#withBody += 1;
    addContent(this.#requests, request.body, request.headers);
    const answers = this.#answers(response.status, response.statusText);
    addContent(answers.contents, response.body, response.headers);
  }

  document(): Readonly<Record<string, unknown>> {
    const parameters = [...this.#path.parameters('path'), ...this.#query.parameters('query')];
    const security = [...this.#security].map((names) => securityRequirement(names));
    const isSecured = security.some((one) => Object.keys(one).length > 0);
    const responses = [...this.#responses].toSorted(([one], [other]) => one - other);
    return {
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(this.#requests.size === 0 ? {} : { requestBody: this.#requestBody() }),
      responses: Object.fromEntries(
        responses.map(([status, { description, contents }]) => [
          status,
          { description, ...(contents.size === 0 ? {} : { content: contentDocument(contents) }) },
        ]),
      ),
      ...(isSecured ? { security } : {}),
    };
  }

  #requestBody(): Readonly<Record<string, unknown>> {
    return {
      required: this.#withBody === this.#calls,
      content: contentDocument(this.#requests),
    };
  }

  #addSecurity(
    used: ReadonlyMap<string, SecurityScheme>,
    schemes: Map<string, SecurityScheme>,
  ): void {
    for (const [name, scheme] of used) schemes.set(name, scheme);
    this.#security.add(JSON.stringify([...used.keys()].toSorted()));
  }

  #answers(status: number, statusText: string): Answers {
    const known = this.#responses.get(status);
    if (known !== undefined) return known;
    // Not imported: an import of node:http loads all of undici, 20 ms and 11 MB for every start.
    const { STATUS_CODES } = process.getBuiltinModule('node:http');
    const description = statusText || (STATUS_CODES[status] ?? `Status ${status}`);
    const answers = { contents: new Map(), description };
    this.#responses.set(status, answers);
    return answers;
  }
}

function securityRequirement(names: string): Readonly<Record<string, string[]>> {
  const parsed: unknown = JSON.parse(names);
  const list = Array.isArray(parsed) ? parsed.map(String) : [];
  return Object.fromEntries(list.map((name) => [name, []]));
}

/** The segments of the path that stand for the template's parameters, by their names. */
function pathParameters(template: string, url: string): [string, string][] {
  const [, path = ''] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? [];
  const segments = path.split('/');
  return template.split('/').flatMap((part, at): [string, string][] => {
    const [, before = '', name, after = ''] = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(part) ?? [];
    if (name === undefined) return [];
    const segment = decoded(segments[at] ?? '');
    return [[name, segment.slice(before.length, segment.length - after.length)]];
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function addContent(contents: Contents, body: Body, headers: readonly HeaderLine[]): void {
  if (body.size === 0) return;
  const type = mediaType(headers) || 'application/octet-stream';
  let content = contents.get(type);
  if (content === undefined) {
    content = { json: emptyShape(), form: new ParameterShapes(), samples: 0, isText: true };
    contents.set(type, content);
  }
  const whole = decodeBody(body, headers);
  const text = whole.complete ? bodyText(whole, headers) : null;
  if (text === null) content.isText = false;
  else learnText(content, type, text);
}

function learnText(content: Content, type: string, text: string): void {
  if (type === 'application/x-www-form-urlencoded') {
    content.samples += 1;
    content.form.add(new URLSearchParams(text));
  } else if (isJsonType(type)) {
    const value = jsonOf(text);
    if (value === undefined) return;
    content.samples += 1;
    learn(content.json, value);
  }
}

function isJsonType(type: string): boolean {
  return /[/+]json$/.test(type);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function contentDocument(contents: Contents): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...contents]
      .toSorted(byName)
      .map(([type, content]) => [type, { schema: contentSchema(type, content) }]),
  );
}

function contentSchema(type: string, content: Content): JsonSchema {
  if (isJsonType(type)) return content.samples === 0 ? {} : schemaOf(content.json);
  if (content.samples > 0) return content.form.form();
  return content.isText ? { type: 'string' } : {};
}
