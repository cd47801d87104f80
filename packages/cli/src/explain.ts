import { visible } from '@calltape/store';
import { exitCodeOf } from './exit-code-of.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { jsonLine } from './output.ts';

export interface Explanation {
  readonly text: string;
  readonly exit: ExitCode;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
}

/**
 * What is said of an error that ended a command: its own sentence when it is one that users can put
 * right, otherwise that calltape is at fault.
 *
 * @param withStack - For those who look for the fault.
 */
export function explain(error: unknown, json: boolean, withStack: boolean): Explanation {
  const { code, message, exit } = refusalOf(error) ?? fault(error);
  const line = json
    ? jsonLine({ error: { code, message } }).trimEnd()
    : visible(`calltape: ${message}`);
  const stack = withStack && error instanceof Error ? `\n${visible(error.stack ?? '', true)}` : '';
  return { text: line + stack, exit };
}

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  const exit = exitCodeOf(error.code);
  return exit === undefined ? null : { code: error.code, message: error.message, exit };
}

function fault(error: unknown): Refusal {
  const what = error instanceof Error ? error.message : String(error);
  const message =
    `failed unexpectedly: ${what}. This is a fault of calltape: ` +
    'run the same again with CALLTAPE_DEBUG=1 and report what it prints.';
  return { code: 'UNEXPECTED', message, exit: EXIT.environment };
}
