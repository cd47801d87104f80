// Holds the documentation to what is there: paths, links, commands and flags.

import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { parseFault, parseIgnore, parseMatch } from '@calltape/mock';
import { parseCommandLine } from '../packages/cli/src/args.ts';
import { COMMANDS } from '../packages/cli/src/command-list.ts';
import { GLOBAL_FLAGS } from '../packages/cli/src/tables/global.ts';
import { markdownParts, type Part } from './markdown-parts.ts';
import { reportProblems } from './report-problems.ts';
import { shellCommands } from './shell-words.ts';
import { filesMatching, readSource, ROOT } from './source-files.ts';

/** What the documentation is held against. */
export interface Facts {
  /** Whether there is a file or folder at a path from the root. */
  readonly exists: (path: string) => boolean;
  /** Names of the files of the project, without folders. */
  readonly fileNames: ReadonlySet<string>;
  /** Scripts of the root package.json. */
  readonly npmScripts: ReadonlySet<string>;
  /** Every flag of every command, with its dashes. */
  readonly flags: ReadonlySet<string>;
  /** The anchors of another document; null when there is none. */
  readonly anchorsOf: (path: string) => ReadonlySet<string> | null;
}

/** Flags whose values have a grammar of their own. */
const PARSERS: ReadonlyMap<string, (value: string) => unknown> = new Map<
  string,
  (value: string) => unknown
>([
  ['--fault', parseFault],
  ['--match', parseMatch],
  ['--ignore', parseIgnore],
]);
const NPM_WORDS = new Set(['test', 'start', 'run', 'install', 'ci', 'exec']);
const SOURCE_FILE = /^[\w.@-]+\.(?:ts|tsx|mjs|js|md|json|yaml|yml)$/;
const PATH = /^(?:\.{1,2}\/)?[\w.@-]+(?:\/[\w.@-]+)*\/?$/;

/** Everything a document names that is not there, a sentence each. */
export function docProblems(doc: string, markdown: string, facts: Facts): string[] {
  const parts = markdownParts(markdown);
  const say =
    (check: (text: string) => string | null) =>
    ({ line, text }: Part): string[] => {
      const problem = check(text);
      return problem === null ? [] : [`${doc}:${line}: ${problem}`];
    };
  return [
    ...parts.spans.flatMap(say((span) => spanProblem(doc, span, facts))),
    ...parts.links.flatMap(say((link) => linkProblem(doc, link, parts.anchors, facts))),
    ...parts.shellLines.flatMap(say((line) => shellProblem(line, facts))),
  ];
}

function spanProblem(doc: string, span: string, facts: Facts): string | null {
  if (span.startsWith('calltape ')) {
    return /[[\]…]|\.\.\./.test(span) ? null : shellProblem(span, facts);
  }
  const flag = /^--?[a-z][\w-]*/.exec(span)?.[0];
  if (USERS_FILES.has(span)) return null;
  if (flag !== undefined) return facts.flags.has(flag) ? null : `there is no flag ${flag}`;
  return isPath(span, facts) && !found(doc, span, facts) ? `there is no ${span}` : null;
}

/** A path is what begins in a folder of the project, or ends as its source files do. */
/** Files that users make. */
const USERS_FILES: ReadonlySet<string> = new Set([
  'calltape.config.json',
  'calltape.baseline.json',
]);

function isPath(span: string, facts: Facts): boolean {
  if (!PATH.test(span)) return false;
  const [first = '', ...rest] = span.split('/');
  return SOURCE_FILE.test(rest.at(-1) ?? first) || (rest.length > 0 && facts.exists(first));
}

function found(doc: string, path: string, facts: Facts): boolean {
  if (!path.includes('/') && facts.fileNames.has(path)) return true;
  return facts.exists(path) || facts.exists(posix.join(posix.dirname(doc), path));
}

function linkProblem(
  doc: string,
  link: string,
  own: ReadonlySet<string>,
  facts: Facts,
): string | null {
  if (/^[a-z]+:/i.test(link)) return null;
  const [file = '', anchor] = link.split('#');
  const path = posix.join(posix.dirname(doc), file);
  if (file !== '' && !facts.exists(path)) return `the link ${link} leads nowhere`;
  if (anchor === undefined) return null;
  const anchors = file === '' ? own : facts.anchorsOf(path);
  return anchors?.has(anchor) === false ? `the link ${link} names no heading there` : null;
}

function shellProblem(line: string, facts: Facts): string | null {
  const commands = shellCommands(line.replace(/^\s*\$ /, ''));
  const problems = commands.flatMap((words) => commandProblem(words, facts) ?? []);
  return problems[0] ?? null;
}

function commandProblem(words: readonly string[], facts: Facts): string | null {
  const start = words.findIndex((word) => !/^\w+=/.test(word));
  const [program = '', ...rest] = start === -1 ? [] : words.slice(start);
  if (program === 'npx' && rest[0] === 'calltape') return calltapeProblem(rest.slice(1));
  if (posix.basename(program) === 'calltape') return calltapeProblem(rest);
  if (program === 'npm') return npmProblem(rest, facts);
  const script = rest[0];
  if (program !== 'node' || script === undefined || script.startsWith('-')) return null;
  return facts.exists(script) ? null : `there is no ${script}`;
}

function calltapeProblem(argv: readonly string[]): string | null {
  try {
    parseCommandLine(argv);
    for (const [at, word] of argv.entries()) PARSERS.get(word)?.(argv[at + 1] ?? '');
    return null;
  } catch (error) {
    return `calltape ${argv.join(' ')}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function npmProblem([word = '', script = '']: readonly string[], facts: Facts): string | null {
  const name = word === 'run' ? script : word;
  const isScript = word === 'run' || word === 'start' || word === 'test';
  if (isScript) return facts.npmScripts.has(name) ? null : `there is no npm script ${name}`;
  return NPM_WORDS.has(word) ? null : `npm ${word} is not a command of the docs`;
}

function factsOfProject(): Facts {
  const manifest: { scripts?: Record<string, string> } = JSON.parse(readSource('package.json'));
  const flags = [GLOBAL_FLAGS, ...COMMANDS.map(({ spec }) => spec.flags)].flatMap((table) =>
    Object.entries(table).flatMap(([name, { short }]) => [`--${name}`, `-${short ?? name}`]),
  );
  return {
    exists: (path) => existsSync(resolve(ROOT, path)),
    fileNames: new Set(filesMatching('**/*').map((file) => posix.basename(file))),
    npmScripts: new Set(Object.keys(manifest.scripts ?? {})),
    flags: new Set(flags),
    anchorsOf: (path) => (path.endsWith('.md') ? markdownParts(readSource(path)).anchors : null),
  };
}

if (import.meta.main) {
  const docs = filesMatching(
    '*.md',
    'docs/**/*.md',
    'packages/*/README.md',
    'bench/**/*.md',
    'fixtures/**/*.md',
  );
  const facts = factsOfProject();
  const problems = docs.flatMap((doc) => docProblems(doc, readSource(doc), facts));
  reportProblems(problems, `${docs.length} documents name only what is there`);
}
