import type Database from 'better-sqlite3';
import { bodyBytes } from './body-pieces.ts';
import { decodeBody } from './decode.ts';
import { bodyText } from './decode-text.ts';
import { knownAt, textField } from './filter-test.ts';
import type { Field, Place } from './filter-test.ts';
import { linesOf, contentLines } from './head-cell.ts';

/** So much of each body is looked into, bytes. */
const MOST_BYTES = 1024 * 1024;

/** Bodies are kept as they came, so SQL reads them through a function of the connection. */
const FUNCTION = 'calltape_body_text';

const PLACES: Readonly<Record<'req' | 'res', Place>> = {
  req: bodyPlace('x.request_body_id', 'x.request_headers'),
  res: bodyPlace('x.response_body_id', 'x.response_headers'),
};

/** Gives a connection what filters on bodies call. */
export function defineBodyText(database: Database.Database): void {
  database.function(FUNCTION, { deterministic: true }, (bytes: unknown, headers: unknown) =>
    bytes instanceof Uint8Array && typeof headers === 'string' ? contentText(bytes, headers) : null,
  );
}

/** `body`, of the request (`req`), of the response (`res`), or of either. */
export function bodyField(side: string | undefined): Field {
  const places = Object.entries(PLACES).filter(([name]) => side === undefined || name === side);
  const subject = side === undefined ? 'a body' : `the body of the ${SIDES[side] ?? side}`;
  return knownAt('row', textField(subject, ...places.map(([, place]) => place)));
}

const SIDES: Readonly<Record<string, string>> = { req: 'request', res: 'response' };

function bodyPlace(id: string, headers: string): Place {
  return {
    sql: (test) => `${FUNCTION}(${bodyBytes(id)}, ${contentLines(headers)}) ${test}`,
    params: [],
  };
}

function contentText(bytes: Uint8Array, headersCell: string): string | null {
  const headers = linesOf(headersCell);
  const decoded = decodeBody({ bytes, size: bytes.length }, headers, { maxBytes: MOST_BYTES });
  return bodyText(decoded, headers);
}
