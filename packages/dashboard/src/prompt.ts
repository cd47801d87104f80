/** A line of text being typed. */
export interface Prompt {
  readonly text: string;
  /** Characters before the cursor. */
  readonly cursor: number;
}

export function promptWith(text: string): Prompt {
  return { text, cursor: text.length };
}

/** Puts typed or pasted text in; line ends become spaces. */
export function insert({ text, cursor }: Prompt, typed: string): Prompt {
  const line = typed.replaceAll(/\s+/g, ' ');
  return {
    text: text.slice(0, cursor) + line + text.slice(cursor),
    cursor: cursor + line.length,
  };
}

/** The length of the last character, which may be of two code units. */
function lastLength(text: string): number {
  return Array.from(text).at(-1)?.length ?? 0;
}

function firstLength(text: string): number {
  return Array.from(text)[0]?.length ?? 0;
}

function cut({ text, cursor }: Prompt, before: number): Prompt {
  return { text: text.slice(0, cursor - before) + text.slice(cursor), cursor: cursor - before };
}

const EDITS: Readonly<Record<string, (prompt: Prompt) => Prompt>> = {
  backspace: (prompt) => cut(prompt, lastLength(prompt.text.slice(0, prompt.cursor))),
  // Terminals send the code of Delete for the Backspace key, so both take what is before.
  delete: (prompt) => cut(prompt, lastLength(prompt.text.slice(0, prompt.cursor))),
  'ctrl-u': (prompt) => cut(prompt, prompt.cursor),
  'ctrl-w': (prompt) => {
    const before = prompt.text.slice(0, prompt.cursor);
    return cut(prompt, before.length - before.replace(/\S+\s*$/, '').length);
  },
  left: ({ text, cursor }) => ({ text, cursor: cursor - lastLength(text.slice(0, cursor)) }),
  right: ({ text, cursor }) => ({ text, cursor: cursor + firstLength(text.slice(cursor)) }),
  home: ({ text }) => ({ text, cursor: 0 }),
  'ctrl-a': ({ text }) => ({ text, cursor: 0 }),
  end: ({ text }) => promptWith(text),
  'ctrl-e': ({ text }) => promptWith(text),
};

/** What an editing key does; the same prompt for any other key. */
export function edit(prompt: Prompt, key: string): Prompt {
  return EDITS[key]?.(prompt) ?? prompt;
}
