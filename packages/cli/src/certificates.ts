import { X509Certificate } from 'node:crypto';
import { CliError } from './errors.ts';
import { inputText } from './input-file.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file, one PEM each; none when there is no file.
 *
 * Throws CliError FILE_INVALID when it holds none or a broken one, and what reading a file throws.
 */
export async function trustedCertificates(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const blocks = (await inputText(file)).match(BLOCK) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw new CliError(
      'FILE_INVALID',
      `"${file}" is not a PEM file of certificates: ` +
        'expected "-----BEGIN CERTIFICATE-----" blocks. Name another with --ca.',
    );
  }
  return blocks;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
