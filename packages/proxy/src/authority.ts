import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { authorityPair, DAY_MS } from './authority-files.ts';
import type { AuthorityPair } from './authority-files.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  issuerOf,
  keyUsage,
  serverAuth,
  signedCertificate,
  subjectAltName,
  subjectKeyIdentifier,
} from './certificate.ts';
import { ProxyError } from './errors.ts';

/**
 * From the first day to the last, one of them in the past for clocks that are late. The limit of the
 * CA/Browser Forum from 2029 on is 47.
 */
const LEAF_DAYS = 45;
const BACKDATED_DAYS = 1;
/** What a certificate may name; underscores are no part of host names, and yet some have them. */
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** A certificate for one host and its key, both PEM. */
export interface Leaf {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** A certificate authority of this user's own, which nobody else should trust. */
export interface Authority {
  /** Path of its certificate, PEM: what clients are to trust. */
  readonly certificateFile: string;
  readonly certificatePem: string;
  /**
   * Makes a certificate for a host: a lower-case ASCII name, or an address without brackets. All of
   * one process have the same key.
   *
   * @throws RangeError for what is no such host.
   */
  leafFor(host: string): Leaf;
}

/** Whether a certificate can be made for this host. */
export function isCertifiable(host: string): boolean {
  return isIP(host) !== 0 || DNS_NAME.test(host);
}

class OwnAuthority implements Authority {
  readonly certificateFile: string;
  readonly certificatePem: string;
  readonly #pair: AuthorityPair;
  readonly #issuer: Buffer;
  #leafKey: KeyObject | null = null;

  constructor(pair: AuthorityPair) {
    this.certificateFile = pair.file;
    this.certificatePem = pair.pem;
    this.#pair = pair;
    this.#issuer = issuerOf(pair.certificate.raw);
  }

  leafFor(host: string): Leaf {
    if (!isCertifiable(host)) throw new RangeError(`"${host.slice(0, 100)}" is not a host`);
    this.#leafKey ??= generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const { certificate, key } = this.#pair;
    const publicKey = createPublicKey(this.#leafKey);
    const from = Date.now() - BACKDATED_DAYS * DAY_MS;
    const expiresAt = Math.min(from + LEAF_DAYS * DAY_MS, certificate.validToDate.getTime());
    const content = {
      subject: { organization: 'calltape', common: host },
      issuer: this.#issuer,
      notBefore: new Date(from),
      notAfter: new Date(expiresAt),
      publicKey,
      extensions: [
        basicConstraints(null),
        keyUsage(false),
        serverAuth(),
        subjectAltName(host, isIP(host) !== 0),
        authorityKeyIdentifier(certificate.publicKey),
        subjectKeyIdentifier(publicKey),
      ],
    };
    return {
      certificatePem: signedCertificate(content, key),
      keyPem: String(this.#leafKey.export({ format: 'pem', type: 'pkcs8' })),
      expiresAt,
    };
  }
}

/**
 * Opens the certificate authority in a folder (`ca.pem`, `ca.key`), which is made on first use.
 *
 * @throws ProxyError when others may read its key, when a file is missing, damaged or expired, or can
 * be neither read nor made.
 */
export async function openAuthority(folder: string): Promise<Authority> {
  try {
    return new OwnAuthority(authorityPair(resolve(folder)));
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Failed to use the certificate authority in "${folder}": ${reason}. Make the folder writable, or set CALLTAPE_HOME to one that is.`;
    throw new ProxyError('AUTHORITY_UNAVAILABLE', message, { cause: error });
  }
}
