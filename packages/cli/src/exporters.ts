import {
  type Exchange,
  type Message,
  toCurl,
  toHar,
  toNock,
  toOpenApi,
  toWireMock,
} from '@calltape/store';
import type { ExportFormat } from './tables/export.ts';

export interface ExportContext {
  /** Is told of each call that the format has no way to say, and why. */
  readonly leaveOut: (why: string) => void;
  /** The messages of the WebSocket that a call became. */
  readonly messagesOf: (exchangeId: number) => Iterable<Message>;
}

/** How calls are written in a format of other tools. */
export interface Exporter {
  /** The text in pieces. */
  readonly write: (exchanges: Iterable<Exchange>, context: ExportContext) => Iterable<string>;
  readonly isJson: boolean;
}

/** To add a format, add it here and to its flag in `tables/export.ts`. */
export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  har: { write: (calls, { messagesOf }) => toHar(calls, messagesOf), isJson: true },
  curl: { write: (calls) => toCurl(calls), isJson: false },
  nock: { write: (calls, { leaveOut }) => toNock(calls, leaveOut), isJson: true },
  openapi: { write: (calls, { leaveOut }) => toOpenApi(calls, leaveOut), isJson: true },
  wiremock: { write: (calls, { leaveOut }) => toWireMock(calls, leaveOut), isJson: true },
};
