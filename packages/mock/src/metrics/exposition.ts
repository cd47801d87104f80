import type { Family, Labels } from './family.ts';
import { DurationHistogram } from './histogram.ts';

/** `text`: the text format 0.0.4 of Prometheus. `openmetrics`: OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics';

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The weight that an Accept field gives to a media type itself; 0 where it does not name it. */
function weightOf(accept: string, type: string): number {
  const weights = accept.split(',').map((part) => {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    if (name !== type) return 0;
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return Number.isNaN(Number(q)) ? 0 : Number(q);
  });
  return Math.max(0, ...weights);
}

/** The format that a scraper wants: OpenMetrics where it says so, else the older one. */
export function formatFor(accept: string | undefined): Format {
  const open = weightOf(accept ?? '', 'application/openmetrics-text');
  return open > 0 && open >= weightOf(accept ?? '', 'text/plain') ? 'openmetrics' : 'text';
}

function escaped(text: string, quotes: boolean): string {
  const plain = text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? plain.replaceAll('"', '\\"') : plain;
}

/** OpenMetrics writes the bounds of buckets as floats, `1.0`, so that all write them alike. */
function bound(value: number | undefined, format: Format): string {
  if (value === undefined) return '+Inf';
  return format === 'openmetrics' && Number.isInteger(value) ? `${value}.0` : String(value);
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = labels.map(([key, text]) => `${key}="${escaped(text, true)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function histogramLines(
  name: string,
  labels: Labels,
  histogram: DurationHistogram,
  format: Format,
): string[] {
  const counts = histogram.cumulative();
  return [
    ...counts.map((count, at) => {
      const le = ['le', bound(DurationHistogram.bounds[at], format)] as const;
      return line(`${name}_bucket`, [...labels, le], count);
    }),
    line(`${name}_sum`, labels, histogram.sum),
    line(`${name}_count`, labels, counts.at(-1) ?? 0),
  ];
}

function linesOf(family: Family, format: Format): string[] {
  const sampled = family.kind === 'counter' ? `${family.name}_total` : family.name;
  // The older format knows no suffixes: there the samples' name is the family's.
  const named = format === 'openmetrics' ? family.name : sampled;
  return [
    `# HELP ${named} ${escaped(family.help, format === 'openmetrics')}`,
    `# TYPE ${named} ${family.kind}`,
    ...(family.kind === 'histogram'
      ? family.series.flatMap(({ labels, histogram }) =>
          histogramLines(family.name, labels, histogram, format),
        )
      : family.samples.map(({ labels, value }) => line(sampled, labels, value))),
  ];
}

/** Figures as text for a scraper, with the content type to send them with. */
export function exposition(
  families: readonly Family[],
  format: Format,
): { readonly type: string; readonly text: string } {
  const lines = families.flatMap((family) => linesOf(family, format));
  if (format === 'openmetrics') lines.push('# EOF');
  return { type: CONTENT_TYPES[format], text: `${lines.join('\n')}\n` };
}
