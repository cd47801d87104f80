const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = '  ';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const OPEN: ReadonlySet<string> = new Set(['{', '[']);
const CLOSE: ReadonlySet<string> = new Set(['}', ']']);

/** How far in the text behind a token stands, compared with the text before it. */
function stepOf(token: string): number {
  if (OPEN.has(token)) return 1;
  return CLOSE.has(token) ? -1 : 0;
}

/** Whether a line ends between two neighbouring tokens. */
function breaksBetween(before: string, after: string): boolean {
  if (OPEN.has(before)) return !CLOSE.has(after);
  return before === ',' || CLOSE.has(after);
}

/**
 * JSON with line feeds and indents. Only white space changes: every literal stays as it was sent,
 * so that `1.0`, `12345678901234567890` and escapes show as what they are.
 *
 * @returns Null for text that is not JSON.
 */
export function indentJson(text: string): string | null {
  if (!isJson(text)) return null;
  const pieces: string[] = [];
  let depth = 0;
  let before = '';
  for (const token of text.match(TOKEN) ?? []) {
    const step = stepOf(token);
    if (step < 0) depth += step;
    if (breaksBetween(before, token)) pieces.push(`\n${INDENT.repeat(depth)}`);
    if (step > 0) depth += step;
    pieces.push(token === ':' ? ': ' : token);
    before = token;
  }
  return pieces.join('');
}
