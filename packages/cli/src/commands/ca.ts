import { X509Certificate } from 'node:crypto';
import { openAuthority, type Authority } from '@calltape/proxy';
import { calltapeHome } from '@calltape/store';
import type { Invocation, Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { writeFileWhole } from '../output-file.ts';
import { jsonLine } from '../output.ts';
import type { CaFlags } from '../tables/ca.ts';
import { trustAdvice } from '../trust-advice.ts';
import { isoTime } from '../units.ts';

export const ca: Run<CaFlags> = async (invocation) => {
  const [action, file] = invocation.arguments;
  checkWords(action, file);
  const authority = await openAuthority(calltapeHome());
  if (action === 'export') await exportCertificate(authority, file, invocation);
  else if (action === 'path') await showPath(authority, invocation);
  else await showAll(authority, invocation);
  return EXIT.done;
};

function checkWords(action: string | undefined, file: string | undefined): void {
  if (action !== undefined && action !== 'path' && action !== 'export') {
    throw new CliError(
      'ARGUMENT_INVALID',
      `"${action}" is nothing that calltape ca does: it takes path, export, or nothing to show all.`,
    );
  }
  if (action !== 'export' && file !== undefined) {
    throw new CliError(
      'ARGUMENT_UNEXPECTED',
      `"${file}" is one word too many: calltape ca ${action} takes none. To write a copy: calltape ca export FILE.`,
    );
  }
}

async function showPath(
  { certificateFile }: Authority,
  { output }: Invocation<CaFlags>,
): Promise<void> {
  await output.data(output.json ? jsonLine({ path: certificateFile }) : `${certificateFile}\n`);
}

async function exportCertificate(
  { certificatePem }: Authority,
  file: string | undefined,
  { flag, output }: Invocation<CaFlags>,
): Promise<void> {
  const content = flag('der') ? new X509Certificate(certificatePem).raw : certificatePem;
  if (file === undefined) {
    await output.data(content);
    return;
  }
  await writeFileWhole(file, [content], flag('force'));
  output.talk(`Wrote the certificate to ${file}; its key stays where it is.`);
}

async function showAll(
  { certificateFile, certificatePem }: Authority,
  { output }: Invocation<CaFlags>,
): Promise<void> {
  const certificate = new X509Certificate(certificatePem);
  const trust = trustAdvice(certificateFile);
  const about = {
    path: certificateFile,
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint256: certificate.fingerprint256,
    valid_from: isoTime(certificate.validFromDate.getTime()),
    valid_to: isoTime(certificate.validToDate.getTime()),
  };
  if (output.json) {
    await output.data(jsonLine({ ...about, trust }));
    return;
  }
  const wide = Math.max(...trust.map((advice) => advice.for.length)) + 2;
  const lines = [
    `Certificate  ${about.path}`,
    `Name         ${about.subject}`,
    `SHA-256      ${about.fingerprint256}`,
    `Valid        ${about.valid_from.slice(0, 10)} to ${about.valid_to.slice(0, 10)}`,
    '',
    'Trust it only on machines of your own. How, by program or system:',
    ...trust.map((advice) => `  ${advice.for.padEnd(wide)}${advice.how}`),
  ];
  await output.data(`${lines.join('\n')}\n`);
}
