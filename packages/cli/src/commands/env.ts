import type { Run } from '../command.ts';
import { prepareEnvironment } from '../environment/prepare.ts';
import { shellLines, usualShell } from '../environment/shell-lines.ts';
import { saved, SAVED, usersOwn } from '../environment/users-own.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';
import type { EnvFlags } from '../tables/env.ts';

const { platform } = process;

export const env: Run<EnvFlags> = async ({ flag, output }) => {
  if (flag('port') === 0) {
    throw new CliError('FLAG_VALUE', '--port cannot be 0 here: name the port of the recorder.');
  }
  const wishes = { noProxy: flag('no-proxy'), allProxy: flag('all-proxy'), java: flag('java') };
  const user = usersOwn(process.env, platform);
  const before = saved(process.env);
  if (flag('unset')) {
    await print(output, flag('shell'), new Map([...before, [SAVED, null]]));
    return EXIT.done;
  }
  const { variables, notices } = await prepareEnvironment(
    user,
    `http://127.0.0.1:${flag('port')}`,
    wishes,
  );
  // What an earlier `calltape env` has set and this one does not is set back.
  await print(output, flag('shell'), new Map([...before, ...variables]));
  for (const notice of notices) output.talk(notice);
  return EXIT.done;
};

/** Null unsets a variable. */
async function print(
  output: Output,
  shell: EnvFlags['shell'],
  variables: ReadonlyMap<string, string | null>,
): Promise<void> {
  if (output.json) {
    await output.data(jsonLine(Object.fromEntries(variables)));
    return;
  }
  const lines = shellLines(shell ?? usualShell(process.env, platform), variables);
  await output.data(lines.map((line) => `${line}\n`).join(''));
}
