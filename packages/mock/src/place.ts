import { fitsWord } from './glob.ts';

/** Something in requests that `--ignore` names. */
export type Place =
  | { readonly in: 'json'; readonly tokens: readonly string[] }
  | { readonly in: 'query' | 'form' | 'header'; readonly name: string }
  | { readonly in: 'path'; readonly segments: readonly string[] };

/** Why a text of the user's cannot be read; whoever knows where it stands says so in front. */
export class WrongText extends Error {
  override readonly name = 'WrongText';
}

const PLACE_USAGE =
  'json:/POINTER, query:NAME, form:NAME, header:NAME or path:/PATH/*, as in json:/meta/nonce';

const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// These say who calls or make each request unlike all others; the tape has no more than a stand-in.
const NEVER_COMPARED =
  /^(?:authorization|proxy-authorization|cookie|idempotency-key|x-idempotency-key|x-amz-.*|signature|signature-input|dpop)$/;

/** Whether a header field says who calls, or is made anew for each request. */
export function isNeverCompared(name: string): boolean {
  return NEVER_COMPARED.test(name) || /(?:api|auth|secret|access)[-_]?(?:key|token)$/.test(name);
}

/** The name of a header field in lower case; throws WrongText. */
export function readHeaderName(name: string): string {
  if (FIELD_NAME.test(name)) return name.toLowerCase();
  throw new WrongText(`${JSON.stringify(name)} is no name of a header field; write header:NAME`);
}

function jsonPlace(pointer: string): Place {
  if (!pointer.startsWith('/')) {
    throw new WrongText(
      `a JSON pointer begins with /: write json:/${pointer.replace(/^\$?\.?/, '').replaceAll('.', '/')}`,
    );
  }
  if (/~(?![01])/.test(pointer)) {
    throw new WrongText('in a JSON pointer ~ is written ~0, and / within a name ~1');
  }
  const tokens = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { in: 'json', tokens };
}

function pathPlace(pattern: string): Place {
  if (!pattern.startsWith('/') || !pattern.includes('*') || /\*\*|\?/.test(pattern)) {
    throw new WrongText(
      'a path begins with / and has a * for each segment that does not count, as in path:/v1/customers/*',
    );
  }
  return { in: 'path', segments: pattern.split('/') };
}

/** Reads what `--ignore` takes; throws WrongText. */
export function readPlace(text: string): Place {
  const colon = text.indexOf(':');
  const [where, what] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon === -1 || what === '') throw new WrongText(`it is one of ${PLACE_USAGE}`);
  switch (where) {
    case 'json':
      return jsonPlace(what);
    case 'path':
      return pathPlace(what);
    case 'header':
      return { in: 'header', name: readHeaderName(what) };
    case 'query':
    case 'form':
      return { in: where, name: what };
    default:
      throw new WrongText(
        `there is no place ${JSON.stringify(where)}; it is one of ${PLACE_USAGE}`,
      );
  }
}

/** Whether one of the names, in which `*` stands for any characters, is this one. */
export function namesOne(names: readonly string[], name: string): boolean {
  return names.some((pattern) =>
    pattern.includes('*') ? fitsWord(name, pattern) : pattern === name,
  );
}
