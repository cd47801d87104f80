import type { Document, LineCounter } from 'yaml';
import { MockError } from './errors.ts';
import type { FaultRule } from './fault-rule.ts';
import { FAULT_KINDS } from './faults/index.ts';
import { parseFault } from './parse-fault.ts';
import { yamlReader } from './yaml-reader.ts';

const SHAPE =
  'A file of rules is a list, or has a list as its member "rules"; a rule is a text such as "GET /v1/** status=503 p=0.1", or {"method": "GET", "path": "/v1/**", "status": 503, "p": 0.1}';
const MOST_RULES = 1_000;

type Path = readonly (string | number)[];

/** A file that is being read. */
export class RuleFile {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;

  constructor(file: string, text: string) {
    const { LineCounter, parseDocument } = yamlReader();
    this.#file = file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [error] = this.#document.errors;
    if (error !== undefined) {
      throw this.#error(`line ${this.#lines.linePos(error.pos[0]).line}`, error.message);
    }
  }

  rules(): FaultRule[] {
    const { isMap, isSeq } = yamlReader();
    const at = isMap(this.#document.contents) ? ['rules'] : [];
    const list = this.#document.getIn(at, true) ?? null;
    if (!isSeq(list)) throw this.refuse(at, `${SHAPE}.`);
    if (list.items.length > MOST_RULES) {
      throw this.refuse(at, `There are over ${MOST_RULES} rules; leave some out.`);
    }
    const values: unknown = list.toJS(this.#document);
    if (!Array.isArray(values)) throw this.refuse(at, `${SHAPE}.`);
    return values.map((value: unknown, index) => this.#rule(value, [...at, index]));
  }

  refuse(path: Path, sentence: string): MockError {
    const node: unknown = this.#document.getIn(path, true);
    const range =
      typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
        ? Number(node.range[0])
        : 0;
    const pointer = path.map((key) => `/${key}`).join('');
    return this.#error(
      `line ${this.#lines.linePos(range).line} (${pointer || 'the whole'})`,
      sentence,
    );
  }

  #error(where: string, sentence: string): MockError {
    return new MockError(
      'FAULT_INVALID',
      `Failed to read the fault rules in ${this.#file}, ${where}: ${sentence}`,
    );
  }

  #rule(value: unknown, path: Path): FaultRule {
    const text = typeof value === 'string' ? value : this.#textOf(value, path);
    try {
      return parseFault(text);
    } catch (error) {
      if (error instanceof MockError) throw this.refuse(path, error.message);
      throw error;
    }
  }

  /** An object as the rule that one would type. */
  #textOf(value: unknown, path: Path): string {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.refuse(path, `${SHAPE}.`);
    }
    const given = new Map<string, unknown>(Object.entries(value));
    const [method, target] = [given.get('method') ?? '*', given.get('path')];
    if (typeof target !== 'string') {
      throw this.refuse(path, 'A rule has a path, as in "path": "/v1/charges".');
    }
    const entries = [...given].filter(([key]) => key !== 'method' && key !== 'path');
    const kinds = entries.filter(([key]) => FAULT_KINDS.has(key));
    if (kinds.length !== 1) throw this.refuse(path, this.#kindSentence(entries, kinds.length));
    const words = [...kinds, ...entries.filter((entry) => !kinds.includes(entry))];
    return [
      this.#word(method, [...path, 'method']),
      this.#word(target, [...path, 'path']),
      ...words.map(([key, word]) => this.#setting(key, word, [...path, key])),
    ].join(' ');
  }

  #kindSentence(entries: readonly (readonly [string, unknown])[], count: number): string {
    const known = [...FAULT_KINDS.keys()].join(', ');
    const keys = entries.map(([key]) => JSON.stringify(key)).join(', ') || 'no key';
    return count === 0
      ? `A rule has one kind of fault as its key, and this one has ${keys}. The kinds are ${known}.`
      : `A rule has one kind of fault, and this one has ${count} (${keys}). Part it into ${count} rules.`;
  }

  #setting(key: string, given: unknown, path: Path): string {
    if (given === true) return key;
    return `${key}=${this.#word(given, path)}`;
  }

  /** One word of a rule: no white space but inside parentheses. */
  #word(given: unknown, path: Path): string {
    const text = typeof given === 'number' ? String(given) : given;
    if (typeof text !== 'string' || text === '') {
      throw this.refuse(
        path,
        'The value has to be a text or a number, or true where there is none.',
      );
    }
    if (/\s/.test(text.replaceAll(/\([^)]*\)/g, ''))) {
      throw this.refuse(path, 'The value has white space in it. Leave that out.');
    }
    return text;
  }
}
