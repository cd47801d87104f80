import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { ProxyError } from './errors.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function invalid(reason: string, cause?: unknown): ProxyError {
  const message = `An extra root certificate cannot be read: ${reason}. Give PEM text, with its "-----BEGIN CERTIFICATE-----" line.`;
  return new ProxyError('CA_INVALID', message, { cause });
}

/**
 * Checks extra roots, each text one certificate or several; a TLS context would pass over bad ones
 * in silence.
 *
 * @throws ProxyError CA_INVALID
 */
export function checkRoots(extra: readonly string[]): void {
  for (const pem of extra) {
    const certificates = pem.match(CERTIFICATE);
    if (certificates === null) throw invalid('it holds no PEM certificate');
    for (const certificate of certificates) checkCertificate(certificate);
  }
}

function checkCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}

/** A certificate of our own with its key: as PEM, or both in one PKCS #12 file. */
export interface OwnCertificate {
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Buffer;
  /** Of the key. */
  readonly passphrase?: string;
}

/**
 * What upstream certificates are checked against: Node's roots, the system's and the extra ones, which
 * include those of NODE_EXTRA_CA_CERTS and, where OpenSSL keeps the system's, of SSL_CERT_FILE. To be
 * made once: some hundred certificates are parsed for it.
 *
 * @param own - Shown to upstreams that ask for one.
 */
export function trustContext(extra: readonly string[], own: OwnCertificate = {}): SecureContext {
  const roots = [...getCACertificates('default'), ...getCACertificates('system'), ...extra];
  return createSecureContext({ ...own, ca: [...new Set(roots)] });
}
