const TOKEN =
  /[ \t\n\r]*(?:("(?:[^"\\\p{Cc}]+|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/uy;

/** What may come; `object` and `list` have just been opened. */
type Awaited = 'value' | 'object' | 'list' | 'name' | 'colon' | 'more';

/** What a token makes of it: what may come then, or that an object or a list ends. */
type Turn = Awaited | 'end of object' | 'end of list' | 'next member';

const VALUES: readonly [string, Turn][] = [
  ['text', 'more'],
  ['literal', 'more'],
  ['{', 'object'],
  ['[', 'list'],
];

/** The grammar of RFC 8259, by what may come and the token that does. */
const GRAMMAR: Readonly<Record<Awaited, ReadonlyMap<string, Turn>>> = {
  value: new Map(VALUES),
  list: new Map([...VALUES, [']', 'end of list']]),
  name: new Map([['text', 'colon']]),
  object: new Map<string, Turn>([
    ['text', 'colon'],
    ['}', 'end of object'],
  ]),
  colon: new Map([[':', 'value']]),
  more: new Map<string, Turn>([
    [',', 'next member'],
    ['}', 'end of object'],
    [']', 'end of list'],
  ]),
};

/** Follows a token; undefined where it may not stand. `open` are the objects and lists around it. */
function after(turn: Turn | undefined, open: ('object' | 'list')[]): Awaited | undefined {
  if (turn === 'next member') {
    const around = open.at(-1);
    return around && (around === 'object' ? 'name' : 'value');
  }
  if (turn === 'end of object') return open.pop() === 'object' ? 'more' : undefined;
  if (turn === 'end of list') return open.pop() === 'list' ? 'more' : undefined;
  if (turn === 'object' || turn === 'list') open.push(turn);
  return turn;
}

/** Where something other than white space begins. */
function firstBehind(text: string, at: number): number {
  const found = /[^ \t\n\r]/g;
  found.lastIndex = at;
  return found.exec(text)?.index ?? text.trimEnd().length;
}

/** Where a text stops being JSON, for the runtime does not always say: an index into it. */
export function jsonFaultAt(text: string): number {
  const open: ('object' | 'list')[] = [];
  let awaited: Awaited = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const [whole, string, literal, mark = ''] = TOKEN.exec(text) ?? [];
    if (whole === undefined) return firstBehind(text, start);
    const kind = string === undefined ? (literal === undefined ? mark : 'literal') : 'text';
    const next = after(GRAMMAR[awaited].get(kind), open);
    if (next === undefined) return firstBehind(text, start);
    awaited = next;
  }
}
