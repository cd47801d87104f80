const TOKEN =
  /[ \t\n\r]*(?:("(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;

type Awaited = 'value' | 'item or ]' | 'name' | 'name or }' | ':' | 'next';

/** What comes after a token; undefined where the token may not stand. */
function after(awaited: Awaited, token: string, open: string[]): Awaited | undefined {
  const isName = token.startsWith('"');
  if (awaited === ':') return token === ':' ? 'value' : undefined;
  if (awaited === 'name' || awaited === 'name or }') {
    if (isName) return ':';
    return awaited === 'name or }' && token === '}' ? closed(open, '{') : undefined;
  }
  if (awaited === 'next') {
    if (token === ',' && open.length > 0) return open.at(-1) === '{' ? 'name' : 'value';
    return token === '}' || token === ']' ? closed(open, token === '}' ? '{' : '[') : undefined;
  }
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'name or }' : 'item or ]';
  }
  if (awaited === 'item or ]' && token === ']') return closed(open, '[');
  return /^[}\],:]/.test(token) ? undefined : 'next';
}

function closed(open: string[], bracket: string): Awaited | undefined {
  return open.pop() === bracket ? 'next' : undefined;
}

/** Where a text stops being JSON, for the runtime does not always say: an index into it. */
export function jsonFaultAt(text: string): number {
  const open: string[] = [];
  let awaited: Awaited = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const [whole, ...kinds] = TOKEN.exec(text) ?? [];
    const space = /[^ \t\n\r]/g;
    space.lastIndex = start;
    if (whole === undefined) return space.exec(text)?.index ?? text.trimEnd().length;
    const token = kinds.find((kind) => kind !== undefined) ?? '';
    const next = after(awaited, token, open);
    if (next === undefined) return start + whole.length - token.length;
    awaited = next;
  }
}
