import type { MockErrorCode } from '@calltape/mock';
import type { ProxyErrorCode } from '@calltape/proxy';
import type { TapeErrorCode } from '@calltape/store';
import type { CliErrorCode } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

type KnownCode = CliErrorCode | TapeErrorCode | ProxyErrorCode | MockErrorCode;

/** Whose matter each error is: bad input, or the machine. A new code has to be judged here. */
const EXIT_OF: Readonly<Record<KnownCode, ExitCode>> = {
  COMMAND_MISSING: EXIT.usage,
  COMMAND_UNKNOWN: EXIT.usage,
  FLAG_UNKNOWN: EXIT.usage,
  FLAG_VALUE: EXIT.usage,
  ARGUMENT_MISSING: EXIT.usage,
  ARGUMENT_UNEXPECTED: EXIT.usage,
  ARGUMENT_INVALID: EXIT.usage,
  TARGET_INVALID: EXIT.usage,
  FILE_NOT_FOUND: EXIT.usage,
  TAPE_IDLE: EXIT.usage,
  FILE_EXISTS: EXIT.usage,
  FILE_INVALID: EXIT.usage,
  FILE_UNREADABLE: EXIT.environment,
  FILE_UNWRITABLE: EXIT.environment,
  PROGRAM_NOT_FOUND: EXIT.notFound,
  PROGRAM_NOT_EXECUTABLE: EXIT.notExecutable,
  CALL_NOT_FOUND: EXIT.usage,
  SECRET_INVALID: EXIT.usage,
  RECORDING_UNKNOWN: EXIT.usage,
  CONTROL_NOT_FOUND: EXIT.usage,
  CONTROL_REFUSED: EXIT.usage,
  INTERRUPTED: EXIT.interrupted,

  TAPE_NOT_FOUND: EXIT.usage,
  TAPE_NOT_A_TAPE: EXIT.usage,
  TAPE_NEWER: EXIT.usage,
  TAPE_DAMAGED: EXIT.usage,
  TAPE_UNWRITABLE: EXIT.environment,
  TAPE_UNREADABLE: EXIT.environment,
  TAPE_BUSY: EXIT.environment,
  SQLITE_TOO_OLD: EXIT.environment,
  TAPE_EMPTY: EXIT.usage,
  KEY_EXPOSED: EXIT.environment,
  KEY_DAMAGED: EXIT.environment,
  KEY_UNAVAILABLE: EXIT.environment,
  HAR_INVALID: EXIT.usage,
  NOCK_INVALID: EXIT.usage,
  REDACT_RULE_INVALID: EXIT.usage,
  FILTER_INVALID: EXIT.usage,

  UPSTREAM_INVALID: EXIT.usage,
  ROUTE_INVALID: EXIT.usage,
  MAP_INVALID: EXIT.usage,
  UPSTREAM_PROXY_INVALID: EXIT.usage,
  CLIENT_CERT_INVALID: EXIT.usage,
  CA_INVALID: EXIT.usage,
  PATTERN_INVALID: EXIT.usage,
  LIMIT_INVALID: EXIT.usage,
  SOURCE_INVALID: EXIT.usage,
  SOURCE_UNKNOWN: EXIT.usage,
  WIREMOCK_INVALID: EXIT.usage,
  OPENAPI_INVALID: EXIT.usage,
  FAULT_INVALID: EXIT.usage,
  LATENCY_INVALID: EXIT.usage,
  MATCH_INVALID: EXIT.usage,
  IGNORE_INVALID: EXIT.usage,
  RULES_INVALID: EXIT.usage,
  WEBHOOK_CUT: EXIT.usage,
  WEBHOOK_SECRET_MISSING: EXIT.usage,
  WEBHOOK_SECRET_INVALID: EXIT.usage,
  WEBHOOK_TARGET_INVALID: EXIT.usage,
  CALLS_INVALID: EXIT.usage,
  CALLS_FORGOTTEN: EXIT.usage,
  CALLS_MISSED: EXIT.usage,
  RECORDINGS_UNUSED: EXIT.usage,
  MOCK_STOPPED: EXIT.usage,
  NOCK_CANNOT_SHOW: EXIT.usage,
  NOCK_NO_HOST: EXIT.usage,
  NOCK_OFF: EXIT.environment,
  WORKERS_REFUSED: EXIT.usage,

  HOST_INVALID: EXIT.usage,
  PORT_INVALID: EXIT.usage,
  PORT_TAKEN: EXIT.environment,
  PORT_FORBIDDEN: EXIT.environment,
  LISTEN_FAILED: EXIT.environment,

  AUTHORITY_EXPOSED: EXIT.environment,
  AUTHORITY_DAMAGED: EXIT.environment,
  AUTHORITY_EXPIRED: EXIT.environment,
  AUTHORITY_UNAVAILABLE: EXIT.environment,
};

const BY_CODE: ReadonlyMap<string, ExitCode> = new Map(Object.entries(EXIT_OF));

/** The exit code of an error that users can put right; undefined for any other. */
export function exitCodeOf(code: string): ExitCode | undefined {
  return BY_CODE.get(code);
}
