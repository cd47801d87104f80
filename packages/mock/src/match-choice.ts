import { nearestWord } from '@calltape/store/nearest-word';
import { isNeverCompared, readHeaderName, WrongText } from './place.ts';

/** What may take part in matching besides method and path, which always do. */
export type Part = 'host' | 'query' | 'body' | 'learned';

/** One `--match`: a part or a header field that takes part, or with `-` does not. */
export interface MatchChoice {
  readonly of: { readonly part: Part } | { readonly header: string };
  readonly takesPart: boolean;
}

export const PARTS: readonly Part[] = ['host', 'query', 'body', 'learned'];

const USAGE = 'it is header:NAME, or with - in front header:NAME, host, query, body or learned';

function readHeader(name: string, takesPart: boolean): MatchChoice {
  const header = readHeaderName(name);
  if (takesPart && isNeverCompared(header)) {
    throw new WrongText(
      `${header} never takes part, as it is a secret or new for each request; leave it out`,
    );
  }
  return { of: { header }, takesPart };
}

/** Reads what `--match` takes; throws WrongText. */
export function readMatchChoice(text: string): MatchChoice {
  const takesPart = !text.startsWith('-');
  const word = takesPart ? text.replace(/^\+/, '') : text.slice(1);
  if (word.startsWith('header:')) return readHeader(word.slice('header:'.length), takesPart);
  const part = PARTS.find((known) => known === word);
  if (part !== undefined) return { of: { part }, takesPart };
  if (word === 'method' || word === 'path') {
    throw new WrongText(
      `the ${word} always takes part; for segments that do not count write --ignore 'path:/v1/customers/*'`,
    );
  }
  const near = nearestWord(word, PARTS);
  throw new WrongText(near === undefined ? USAGE : `${USAGE}; did you mean ${near}`);
}
