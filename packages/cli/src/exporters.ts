import { type Exchange, toCurl, toHar, toNock, toOpenApi } from '@calltape/store';
import type { ExportFormat } from './tables/export.ts';

/** How calls are written in a format of other tools. */
export interface Exporter {
  /** The text in pieces; tells of each call that the format has no way to say, and why. */
  readonly write: (
    exchanges: Iterable<Exchange>,
    onLeftOut: (why: string) => void,
  ) => Iterable<string>;
  readonly isJson: boolean;
}

/** To add a format, add it here and to its flag in `tables/export.ts`. */
export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  har: { write: toHar, isJson: true },
  curl: { write: toCurl, isJson: false },
  nock: { write: toNock, isJson: true },
  openapi: { write: toOpenApi, isJson: true },
};
