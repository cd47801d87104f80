import { readFileSync, writeFileSync } from 'node:fs';
import { Lessons, type LessonsJson } from '@calltape/drift';
import { pathOfTemplate, type EndpointRule } from '@calltape/store';
import { CliError } from '../errors.ts';
import { isoTime } from '../units.ts';

/** The newest call that a baseline was learned from: tells whether a tape goes on behind it. */
export interface LastCall {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

/** What was accepted as the way an API is. */
export interface Accepted {
  readonly calls: number;
  /** Null where it was not learned from a tape. */
  readonly last: LastCall | null;
  readonly lessons: Lessons;
}

const VERSION = 1;

/** Writes a baseline, with an endpoint a line. */
export function writeAccepted(file: string, { calls, last, lessons }: Accepted, now: number): void {
  const { endpoints, leftOut } = lessons.toJSON();
  const head = { version: VERSION, accepted: isoTime(now), calls, last, leftOut };
  const lines = endpoints.map((one) => JSON.stringify(one)).join(',\n    ');
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "endpoints": [\n    ${lines}\n  ]\n}\n`;
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    throw new CliError('FILE_UNWRITABLE', `"${file}" cannot be written (${codeOf(cause)}).`, {
      cause,
    });
  }
}

/** @throws CliError FILE_NOT_FOUND, FILE_UNREADABLE or FILE_INVALID. */
export function readAccepted(file: string): Accepted {
  const text = textOf(file);
  try {
    return acceptedOf(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new CliError(
      'FILE_INVALID',
      `"${file}" is no accepted baseline (${reason}). Take it from version control again, or run ` +
        'calltape drift accept.',
      { cause },
    );
  }
}

interface AcceptedJson extends LessonsJson {
  readonly calls: number;
  readonly last: LastCall | null;
}

function acceptedOf(json: AcceptedJson): Accepted {
  if (json?.version !== VERSION) throw new TypeError('its version is another');
  if (!Array.isArray(json.endpoints)) throw new TypeError('it has no list /endpoints');
  return { calls: json.calls, last: json.last, lessons: Lessons.fromJSON(json) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      throw new CliError(
        'FILE_NOT_FOUND',
        `There is no accepted baseline "${file}": accept what is on the tape with calltape drift accept, ` +
          'or name calls with --baseline.',
        { cause },
      );
    }
    throw new CliError(
      'FILE_UNREADABLE',
      `"${file}" cannot be read (${codeOf(cause)}). Check its permissions.`,
      { cause },
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** The templates of a baseline, by which later calls are grouped as the earlier were. */
export function rulesOf(lessons: Lessons): EndpointRule[] {
  return lessons.endpoints().map(({ endpoint: { method, origin, template } }) => ({
    method,
    origin,
    template: pathOfTemplate(template),
    from: 'openapi',
  }));
}
