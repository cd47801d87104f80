import type { Run } from '../command.ts';
import { environmentFindings } from '../doctor/environment-checks.ts';
import type { Finding } from '../doctor/finding.ts';
import { openLaboratory } from '../doctor/laboratory.ts';
import { machineFindings } from '../doctor/machine-checks.ts';
import { PROBES } from '../doctor/probe.ts';
import { tryProbe } from '../doctor/try-probe.ts';
import { prepareEnvironment } from '../environment/prepare.ts';
import { usersOwn } from '../environment/users-own.ts';
import { withVariables, type Environment } from '../environment/variables.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';

const { platform } = process;
const AT_ONCE = 2;
const SUBJECT_WIDTH = 40;
const SIGNS = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM', skipped: 'skipped' } as const;

export const doctor: Run<unknown> = async ({ tape, output }) => {
  const user = usersOwn(process.env, platform);
  const findings: Finding[] = [];
  const report = async (found: readonly Finding[]): Promise<void> => {
    findings.push(...found);
    output.status?.clear();
    for (const one of found) await output.data(output.json ? jsonLine(one) : line(one));
  };
  await report(await machineFindings(tape));
  await report(environmentFindings(user));
  // Without a certificate authority there is nothing to try clients with.
  const isReady = findings.every(
    ({ subject, verdict }) => subject !== 'certificate' || verdict === 'ok',
  );
  if (isReady) await tryClients(user, output, report);
  return findings.some(({ verdict }) => verdict === 'problem') ? EXIT.found : EXIT.done;
};

async function tryClients(
  user: Environment,
  output: Output,
  report: (found: readonly Finding[]) => Promise<void>,
): Promise<void> {
  const laboratory = await openLaboratory(output);
  try {
    const wishes = { noProxy: undefined, allProxy: false, java: true };
    const { variables } = await prepareEnvironment(user, laboratory.proxy, wishes);
    const env = withVariables(user, variables, platform);
    const waiting = PROBES.values();
    const work = async (): Promise<void> => {
      for (const probe of waiting) {
        output.status?.show(`trying ${probe.subject}`);
        const found = await tryProbe(probe, laboratory, env);
        await report(found === null ? [] : [found]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    output.status?.clear();
    await laboratory.close();
  }
}

function line({ verdict, subject, message }: Finding): string {
  return `${SIGNS[verdict]}  ${subject.padEnd(SUBJECT_WIDTH)}  ${message}\n`;
}
