const TOKEN =
  /(?<gap>\s+)|'(?<single>[^']*)'|"(?<double>(?:\\.|[^"\\])*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\|<>;&()]+)|(?<end>[|<>;&()]+)/g;

/** `text`: a word, quotes and backslashes taken off. `end`: what parts one command from the next. */
interface Word {
  readonly kind: 'text' | 'end';
  readonly text: string;
}

/** A word that is nothing but what other commands say, such as `"$(calltape env)"`. */
const SUBSTITUTION = /^\$\((?<inner>.*)\)$/;

/**
 * The simple commands on a shell line, each as its words, parted at pipes, redirections and the
 * like; without a comment. Commands that stand for a word come after the one they stand in.
 */
export function shellCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  const inner: string[][] = [];
  for (const { kind, text } of shellWords(line)) {
    const substituted = SUBSTITUTION.exec(text)?.groups?.['inner'];
    if (substituted !== undefined) {
      inner.push(...shellCommands(substituted));
    } else if (kind === 'text') {
      commands.at(-1)?.push(text);
    } else {
      // In `2> file` the digit belongs to the redirection.
      if (/^[<>]/.test(text) && /^\d$/.test(commands.at(-1)?.at(-1) ?? '')) commands.at(-1)?.pop();
      commands.push([]);
    }
  }
  return [...commands, ...inner].filter((words) => words.length > 0);
}

function shellWords(line: string): Word[] {
  const words: Word[] = [];
  let word: string | null = null;
  const endWord = (): void => {
    if (word !== null) words.push({ kind: 'text', text: word });
    word = null;
  };
  for (const { groups = {} } of line.matchAll(TOKEN)) {
    if (word === null && groups['plain']?.startsWith('#') === true) break;
    const part = wordPart(groups);
    if (part === undefined) endWord();
    else word = (word ?? '') + part;
    if (groups['end'] !== undefined) words.push({ kind: 'end', text: groups['end'] });
  }
  endWord();
  return words;
}

function wordPart(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const double = groups['double']?.replaceAll(/\\(["\\$`])/g, '$1');
  return groups['single'] ?? double ?? groups['escaped'] ?? groups['plain'];
}
