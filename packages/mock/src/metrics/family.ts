import type { DurationHistogram } from './histogram.ts';

/** Names and values that tell the series of a family apart. */
export type Labels = readonly (readonly [name: string, value: string])[];

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Named {
  /** Without the suffix that its kind adds, such as `_total`. */
  readonly name: string;
  /** A sentence for people. */
  readonly help: string;
}

/** Some series of the same name, as in the data model of Prometheus. */
export type Family =
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly samples: readonly Sample[] })
  | (Named & {
      readonly kind: 'histogram';
      readonly series: readonly {
        readonly labels: Labels;
        readonly histogram: DurationHistogram;
      }[];
    });

/** A family of one series without labels. */
export function single(
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
  value: number,
): Family {
  return { kind, name, help, samples: [{ labels: [], value }] };
}
