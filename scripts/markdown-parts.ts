/** A piece of a Markdown file and the line it is on, counted from 1. */
export interface Part {
  readonly line: number;
  readonly text: string;
}

/** What the checks look at in a Markdown file. */
export interface MarkdownParts {
  /** Inline code. */
  readonly spans: readonly Part[];
  /** Targets of links and pictures. */
  readonly links: readonly Part[];
  /** Lines of `sh` blocks; lines that end in a backslash are joined with the next. */
  readonly shellLines: readonly Part[];
  /** What a link to a heading of this file ends in after `#`. */
  readonly anchors: ReadonlySet<string>;
}

const FENCE = /^\s*(?<fence>`{3,}|~{3,})(?<language>\w*)/;
const SHELL = new Set(['sh', 'bash', 'shell', 'console']);
const SPAN = /(?<ticks>`+)(?<code>.+?)\k<ticks>(?!`)/g;
const LINK = /\]\((?<target>[^)\s]+)(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(?<reference>\S+)/g;

export function markdownParts(markdown: string): MarkdownParts {
  const spans: Part[] = [];
  const links: Part[] = [];
  const shellLines: Part[] = [];
  const anchors = new Set<string>();
  for (const { line, text, language } of linesWithLanguage(markdown)) {
    if (language === null) {
      spans.push(...groupsOf(text, SPAN, 'code').map((code) => ({ line, text: code })));
      const withoutCode = text.replaceAll(SPAN, '');
      for (const group of ['target', 'reference']) {
        links.push(...groupsOf(withoutCode, LINK, group).map((target) => ({ line, text: target })));
      }
      if (/^#+ /.test(text)) anchors.add(anchorOf(text));
    } else if (SHELL.has(language)) {
      shellLines.push({ line, text });
    }
  }
  return { spans, links, shellLines: joined(shellLines), anchors };
}

/** Every line with the language of the fenced block it is in; null outside of blocks. */
function linesWithLanguage(markdown: string): (Part & { language: string | null })[] {
  let open: { fence: string; language: string } | null = null;
  const lines: (Part & { language: string | null })[] = [];
  for (const [at, text] of markdown.split(/\r?\n/).entries()) {
    const { fence, language } = FENCE.exec(text)?.groups ?? {};
    if (fence === undefined || language === undefined) {
      lines.push({ line: at + 1, text, language: open?.language ?? null });
    } else if (open === null) {
      open = { fence, language };
    } else if (fence.startsWith(open.fence)) {
      open = null;
    }
  }
  return lines;
}

function joined(lines: readonly Part[]): Part[] {
  const whole: Part[] = [];
  let start: Part | null = null;
  for (const { line, text } of lines) {
    const all: Part = start === null ? { line, text } : { ...start, text: start.text + text };
    start = all.text.endsWith('\\') ? { ...all, text: all.text.slice(0, -1) } : null;
    if (start === null) whole.push(all);
  }
  return start === null ? whole : [...whole, start];
}

function groupsOf(text: string, pattern: RegExp, group: string): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match.groups?.[group] ?? []);
}

/** As GitHub makes it: lower case, no punctuation, hyphens for spaces. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+\s+/, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
