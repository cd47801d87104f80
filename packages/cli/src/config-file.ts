import { readFileSync, writeFileSync } from 'node:fs';
import { EndpointRuleError, parseEndpointRule, type EndpointRule } from '@calltape/store';
import { driftConfigOf, NO_DRIFT_CONFIG, type DriftConfig } from './drift/drift-config.ts';
import { CliError } from './errors.ts';

/** The file that is read when it is there and no other is named. */
const CONFIG_FILE = 'calltape.config.json';

/** What a project says of itself, under version control. */
export interface Config {
  /** Templates of endpoints, such as `GET /v1/things/{thing}`. */
  readonly endpoints: readonly string[];
  readonly rules: readonly EndpointRule[];
  readonly drift: DriftConfig;
}

const EMPTY: Config = { endpoints: [], rules: [], drift: NO_DRIFT_CONFIG };
const KEYS: ReadonlySet<string> = new Set(['$schema', 'endpoints', 'drift']);

/**
 * Reads the configuration.
 *
 * @param file - As `--config` names it; undefined for the usual file, which need not be there.
 * @throws CliError FILE_NOT_FOUND, FILE_UNREADABLE or FILE_INVALID with the place in the file.
 */
export function readConfig(file: string | undefined): Config {
  const text = textOf(file);
  return text === null ? EMPTY : configOf(text, file ?? CONFIG_FILE);
}

function textOf(file: string | undefined): string | null {
  try {
    return readFileSync(file ?? CONFIG_FILE, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (file === undefined && code === 'ENOENT') return null;
    if (code === 'ENOENT') {
      throw new CliError('FILE_NOT_FOUND', `There is no file "${file}". Check its name.`, {
        cause,
      });
    }
    throw new CliError(
      'FILE_UNREADABLE',
      `"${file ?? CONFIG_FILE}" cannot be read (${code}). Check its permissions.`,
      { cause },
    );
  }
}

function invalid(file: string, place: string, problem: string): CliError {
  return new CliError(
    'FILE_INVALID',
    `"${file}" is not right at ${place || 'its top'}: ${problem}`,
  );
}

function configOf(text: string, file: string): Config {
  const value = objectOf(text, file);
  const unknown = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    throw invalid(file, `/${unknown}`, 'there is no such key. There are "endpoints" and "drift".');
  }
  const list: unknown = value['endpoints'] ?? [];
  if (!Array.isArray(list)) {
    throw invalid(file, '/endpoints', 'it is no list. Write ["GET /v1/things/{thing}"].');
  }
  const endpoints = list.map((one: unknown, at) => textAt(one, file, at));
  return {
    endpoints,
    rules: endpoints.map((one, at) => ruleAt(one, file, at)),
    drift: driftConfigOf(value['drift'], (place, problem) => invalid(file, place, problem)),
  };
}

function objectOf(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new CliError('FILE_INVALID', `"${file}" is no JSON: ${reason}. Correct it there.`, {
      cause,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalid(file, '', 'it is no object. Write {"endpoints": []}.');
}

function textAt(value: unknown, file: string, at: number): string {
  if (typeof value === 'string') return value;
  throw invalid(file, `/endpoints/${at}`, 'it is no text. Write "GET /v1/things/{thing}".');
}

function ruleAt(text: string, file: string, at: number): EndpointRule {
  try {
    return parseEndpointRule(text);
  } catch (error) {
    if (!(error instanceof EndpointRuleError)) throw error;
    throw invalid(file, `/endpoints/${at}`, error.message);
  }
}

/** Writes the templates of endpoints, and leaves all else in the file as it is. */
export function writeEndpoints(file: string | undefined, endpoints: readonly string[]): void {
  writeWith(file, () => ({ endpoints }));
}

/** Writes what drifts are ignored, and leaves all else in the file as it is. */
export function writeIgnored(file: string | undefined, ignore: readonly string[]): void {
  writeWith(file, ({ drift }) => ({
    drift: { ...(typeof drift === 'object' ? drift : {}), ignore },
  }));
}

function writeWith(
  file: string | undefined,
  change: (before: Record<string, unknown>) => Record<string, unknown>,
): void {
  const name = file ?? CONFIG_FILE;
  const text = textOf(file);
  const before = text === null ? {} : objectOf(text, name);
  try {
    writeFileSync(name, `${JSON.stringify({ ...before, ...change(before) }, null, 2)}\n`);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new CliError('FILE_UNWRITABLE', `"${name}" cannot be written (${code}).`, { cause });
  }
}
