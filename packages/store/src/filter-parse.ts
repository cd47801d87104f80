import { FilterError, ValueError } from './filter-error.ts';
import {
  ALIAS_NAMES,
  aliasNamed,
  anywhere,
  FIELD_NAMES,
  fieldNamed,
  flagNamed,
} from './filter-fields.ts';
import { nearestWord } from './nearest-word.ts';
import type { Field, Question, Test } from './filter-test.ts';
import { tokenize } from './filter-tokens.ts';
import type { Token } from './filter-tokens.ts';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  /** `at` is its place in the filter's text. */
  | { readonly kind: 'test'; readonly test: Test; readonly at: number };

/** SQLite refuses expressions deeper than 1 000. */
const MOST_TESTS = 200;
const MOST_NESTING = 50;

const TRAITS_OF_A_REGEX = /^\/.*(?:[\\^$*+[\]{}|]).*\/[a-z]*$/;

type Text = Extract<Token, { kind: 'text' }>;
type FieldToken = Extract<Token, { kind: 'field' }>;

/**
 * Reads the grammar
 *
 *     or   := and ("or" and)*
 *     and  := not (["and"] not)*
 *     not  := ("-" | "!" | "not")* atom
 *     atom := "(" or ")" | field operator value | "~" alias [text] | text
 */
export class FilterParser {
  readonly #filter: string;
  readonly #tokens: readonly Token[];
  readonly #now: number;
  #next = 0;
  #tests = 0;
  #depth = 0;

  /** @param now - What relative times count from, milliseconds since the Unix epoch. */
  constructor(filter: string, now: number) {
    this.#filter = filter;
    this.#tokens = tokenize(filter);
    this.#now = now;
  }

  /** Null for a filter without any condition. @throws FilterError */
  parse(): Expression | null {
    if (this.#peek().kind === 'end') return null;
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.kind === 'close') this.#fail(rest.at, 'there is no "(" to this ")"');
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', at: this.#filter.length };
  }

  #take(kind: Token['kind']): boolean {
    const taken = this.#peek().kind === kind;
    if (taken) this.#next += 1;
    return taken;
  }

  #fail(at: number, problem: string): never {
    throw new FilterError(this.#filter, at, problem);
  }

  #or(): Expression {
    const parts = [this.#and()];
    while (this.#take('or')) parts.push(this.#and());
    return joined('or', parts);
  }

  #and(): Expression {
    const parts = [this.#not()];
    while (this.#take('and') || !['or', 'close', 'end'].includes(this.#peek().kind)) {
      parts.push(this.#not());
    }
    return joined('and', parts);
  }

  #not(): Expression {
    let negated = false;
    while (this.#take('not')) negated = !negated;
    const part = this.#atom();
    return negated ? { kind: 'not', part } : part;
  }

  #atom(): Expression {
    const token = this.#peek();
    this.#next += 1;
    if (token.kind === 'open') return this.#group(token.at);
    if (token.kind === 'field') return this.#test(token.at, () => this.#field(token));
    if (token.kind === 'alias') return this.#test(token.at, () => this.#alias(token));
    if (token.kind === 'text') return this.#test(token.at, () => this.#text(token));
    if (token.kind === 'end') return this.#fail(token.at, 'a condition is missing at the end');
    return this.#fail(token.at, 'a condition is missing here. To look for this as text, quote it');
  }

  #group(at: number): Expression {
    this.#depth += 1;
    if (this.#depth > MOST_NESTING) this.#fail(at, `more than ${MOST_NESTING} "(" in each other`);
    const inner = this.#or();
    if (!this.#take('close')) this.#fail(at, 'this "(" is never closed');
    this.#depth -= 1;
    return inner;
  }

  #test(at: number, read: () => Test): Expression {
    this.#tests += 1;
    if (this.#tests > MOST_TESTS) this.#fail(at, `more than ${MOST_TESTS} conditions`);
    return { kind: 'test', test: read(), at };
  }

  /** Runs what may find fault with a value, and says where that value is. */
  #at<Result>(at: number, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (error instanceof ValueError) return this.#fail(at, error.message);
      throw error;
    }
  }

  #ask(field: Field, at: number, question: Omit<Question, 'now'>): Test {
    return this.#at(at, () => field({ ...question, now: this.#now }));
  }

  #field({ at, name, operator, value, valueAt }: FieldToken): Test {
    const field = fieldNamed(name);
    if (field === undefined) {
      const meant = nearestWord(name, FIELD_NAMES);
      const known = `The fields are ${FIELD_NAMES.join(', ')}.`;
      const hint = meant === undefined ? known : `Did you mean "${meant}"?`;
      const problem = `there is no field "${name}". ${hint} To look for this as text, quote it`;
      return this.#fail(at, problem);
    }
    if (operator === '~') {
      return this.#fail(valueAt - 1, `regular expressions are not supported. ${plainText(name)}`);
    }
    if (value === '' && this.#filter[valueAt] !== '"' && this.#filter[valueAt] !== "'") {
      return this.#fail(valueAt, `the value of "${name}" is missing`);
    }
    return this.#ask(field, valueAt, { operator, value });
  }

  #alias({ at, name }: Extract<Token, { kind: 'alias' }>): Test {
    const alias = aliasNamed(name);
    if (alias === undefined) {
      return this.#fail(at, `there is no "~${name}". These are known: ${ALIAS_NAMES.join(' ')}`);
    }
    if ('flag' in alias) return alias.flag;
    const argument = this.#peek();
    if (argument.kind !== 'text')
      return this.#fail(argument.at, `"~${name}" needs a text behind it`);
    this.#next += 1;
    return this.#ask(alias.field, argument.at, { operator: ':', value: argument.text });
  }

  #text({ at, text, quoted }: Text): Test {
    const flag = quoted ? undefined : flagNamed(text);
    if (flag !== undefined) return flag;
    if (!quoted && TRAITS_OF_A_REGEX.test(text)) {
      return this.#fail(at, `regular expressions are not supported. ${plainText('path')}`);
    }
    const field = /^https?:\/\//i.test(text) ? fieldNamed('url') : undefined;
    return this.#ask(field ?? anywhere, at, { operator: ':', value: text });
  }
}

function plainText(name: string): string {
  return `Write ${name}: and a part of the text as it is`;
}

function joined(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
