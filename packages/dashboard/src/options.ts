import { ASCII, BLOCK, type Glyphs } from './glyphs.ts';
import type { FindMock } from './mock-control.ts';
import { coloured, plainText, type Theme, uncoloured } from './theme.ts';

/** What to watch, and how it is drawn. */
export interface DashboardOptions {
  /** The tape. */
  readonly file: string;
  /** Only calls of the recording with this name. */
  readonly recording?: string;
  /** Length of the window that figures are over, milliseconds; 5 minutes unless told. */
  readonly sinceMs?: number;
  /** Unless told, colour is used when `NO_COLOR` is not set. */
  readonly color?: boolean;
  /** Finds the mock that writes the tape, to switch its faults. */
  readonly mock?: FindMock;
  /** `ascii` for terminals and fonts without block characters. */
  readonly glyphs?: 'block' | 'ascii';
}

export const DEFAULT_WINDOW_MS: number = 5 * 60_000;

export function glyphsOf(options: DashboardOptions): Glyphs {
  return options.glyphs === 'ascii' ? ASCII : BLOCK;
}

/** See no-color.org: set and not empty means no colour. */
export function themeOf(options: DashboardOptions, environment: NodeJS.ProcessEnv): Theme {
  if (environment['TERM'] === 'dumb') return plainText;
  const color = options.color ?? (environment['NO_COLOR'] ?? '') === '';
  return color ? coloured : uncoloured;
}
