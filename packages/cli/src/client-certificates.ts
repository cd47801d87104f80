import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { ClientCertificate } from '@calltape/proxy';
import { CliError } from './errors.ts';
import type { HostText } from './host-kinds.ts';
import { inputText } from './input-file.ts';

/** Where the password of the keys comes from: what is typed as a flag can be read by others. */
const PASSWORD = 'CALLTAPE_CLIENT_CERT_PASSWORD';
const EXPECTED =
  `expected certificate and key as PEM in one file or in two (cert.pem,key.pem), or a .p12 file, ` +
  `and the password, if there is one, in ${PASSWORD}`;

/** Reads what --client-cert names. Throws CliError FILE_INVALID and what reading a file throws. */
export async function clientCertificates(given: readonly HostText[]): Promise<ClientCertificate[]> {
  return await Promise.all(given.map(clientCertificate));
}

async function clientCertificate({ host, text }: HostText): Promise<ClientCertificate> {
  const passphrase = process.env[PASSWORD];
  const secret = passphrase === undefined ? {} : { passphrase };
  const own = { ...(await materialOf(host, text)), ...secret };
  try {
    createSecureContext(own);
  } catch (error) {
    throw invalid(host, text, error instanceof Error ? error.message : String(error));
  }
  return { host, ...own };
}

async function materialOf(host: string, text: string): Promise<Omit<ClientCertificate, 'host'>> {
  if (/\.(?:p12|pfx)$/i.test(text)) {
    // Tells in our words when it cannot be read.
    await inputText(text);
    return { pfx: await readFile(text) };
  }
  const texts = await Promise.all(text.split(',').map((file) => inputText(file)));
  const pem = texts.join('\n');
  if (!/-----BEGIN CERTIFICATE-----/.test(pem)) throw invalid(host, text, 'no certificate in it');
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw invalid(host, text, 'no key in it');
  return { cert: pem, key: pem };
}

function invalid(host: string, text: string, why: string): CliError {
  return new CliError(
    'FILE_INVALID',
    `--client-cert ${host} cannot use ${JSON.stringify(text)} (${why}): ${EXPECTED}.`,
  );
}
