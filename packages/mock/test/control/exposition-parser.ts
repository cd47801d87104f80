/** A series of a scrape. */
export interface Parsed {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Parsed[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"`;
const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf|NaN)`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL})(?:,${LABEL})*)\\})? (${NUMBER})$`);
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  gauge: [''],
};

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, mark: string) => (mark === 'n' ? '\n' : mark));
}

function labelsOf(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(new RegExp(LABEL, 'g'))) {
    if (labels.has(name)) throw new Error(`label ${name} twice in ${text}`);
    labels.set(name, unescaped(value));
  }
  return labels;
}

function sampleOf(line: string): Parsed {
  const found = SAMPLE.exec(line);
  if (found === null) throw new Error(`no sample: ${line}`);
  const value = (found.at(-1) ?? '').replace('Inf', 'Infinity');
  return { name: found[1] ?? '', labels: labelsOf(found[2] ?? ''), value: Number(value) };
}

function checkNames({ name, type, samples }: ParsedFamily, isOpen: boolean): void {
  const counter = isOpen ? ['_total'] : [''];
  const ends = type === 'counter' ? counter : (SUFFIXES[type] ?? []);
  const allowed = new Set(ends.map((end) => name + end));
  const wrong = samples.find((sample) => !allowed.has(sample.name));
  if (wrong !== undefined) throw new Error(`${wrong.name} is no sample of ${type} ${name}`);
  if (!isOpen && type === 'counter' && !name.endsWith('_total'))
    throw new Error(`${name} no total`);
}

function checkUnique({ name, samples }: ParsedFamily): void {
  const keys = samples.map((sample) => JSON.stringify([sample.name, ...sample.labels]));
  if (new Set(keys).size !== keys.length) throw new Error(`a series of ${name} is there twice`);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0));
}

/** Buckets of a series grow, end with +Inf, and that is the count. */
function checkHistogram({ name, samples }: ParsedFamily): void {
  const series = Map.groupBy(samples, ({ labels }) =>
    JSON.stringify([...labels].filter(([key]) => key !== 'le')),
  );
  for (const of of series.values()) {
    const buckets = of.filter((sample) => sample.name.endsWith('_bucket'));
    const bounds = buckets.map(({ labels }) =>
      Number(labels.get('le')?.replace('Inf', 'Infinity')),
    );
    const counts = buckets.map(({ value }) => value);
    const count = of.find((sample) => sample.name.endsWith('_count'))?.value;
    const isWhole = bounds.at(-1) === Number.POSITIVE_INFINITY && counts.at(-1) === count;
    if (!isRising(bounds) || !isRising(counts) || !isWhole)
      throw new Error(`${name} is no histogram`);
  }
}

type Growing = ParsedFamily & { readonly samples: Parsed[] };

/** Takes a line to the families before it. */
function read(families: Growing[], line: string): void {
  const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) ?(.*)$`).exec(line);
  const [, kind, name = '', rest = ''] = comment ?? [];
  const last = families.at(-1);
  if (kind === 'HELP') {
    families.push({ name, type: '', help: unescaped(rest), samples: [] });
    return;
  }
  if (last === undefined) throw new Error(`a line of no family: ${line}`);
  if (kind === undefined) {
    last.samples.push(sampleOf(line));
    return;
  }
  if (last.name !== name || last.type !== '') throw new Error(`a type too many: ${line}`);
  families[families.length - 1] = { ...last, type: rest };
}

function linesOf(text: string, isOpen: boolean): string[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const lines = text.slice(0, -1).split('\n');
  if (isOpen && lines.pop() !== '# EOF') throw new Error('no EOF');
  return lines;
}

/**
 * Reads a scrape as strictly as the formats are written down: the text format 0.0.4 of Prometheus, and
 * OpenMetrics 1.0. Throws for anything that is not of them.
 */
export function parseExposition(text: string, type: string): ParsedFamily[] {
  const isOpen = type === 'application/openmetrics-text; version=1.0.0; charset=utf-8';
  if (!isOpen && type !== 'text/plain; version=0.0.4; charset=utf-8') throw new Error(type);
  const families: Growing[] = [];
  for (const line of linesOf(text, isOpen)) read(families, line);
  const names = families.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('a family is there twice');
  for (const family of families) {
    checkNames(family, isOpen);
    checkUnique(family);
    if (family.type === 'histogram') checkHistogram(family);
  }
  return families;
}

/** The values of a family's samples, by their labels. */
export function valuesOf(
  families: readonly ParsedFamily[],
  name: string,
): Readonly<Record<string, number>> {
  const all = families.flatMap(({ samples }) => samples).filter((sample) => sample.name === name);
  return Object.fromEntries(
    all.map(({ labels, value }) => [
      [...labels].map(([key, text]) => `${key}=${text}`).join(' '),
      value,
    ]),
  );
}
