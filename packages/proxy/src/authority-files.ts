import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeOwnFile, readOwnFile } from '@calltape/store';
import type { OwnFile } from '@calltape/store';
import {
  basicConstraints,
  encodedName,
  keyUsage,
  signedCertificate,
  subjectKeyIdentifier,
} from './certificate.ts';
import { ProxyError } from './errors.ts';

export const DAY_MS: number = 24 * 60 * 60 * 1000;
const VALID_DAYS = 5 * 365;

/** The key and the certificate of an authority, as they are in its folder. */
export interface AuthorityPair {
  readonly file: string;
  readonly pem: string;
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

function damaged(file: string, what: string, cause?: unknown): ProxyError {
  const message = `Failed to use the certificate authority: "${file}" ${what}. Delete ca.key and ca.pem in its folder; the next start makes a new authority, which has to be trusted anew.`;
  return new ProxyError('AUTHORITY_DAMAGED', message, { cause });
}

function newKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' }));
}

function parsedKey(file: string, { content, exposedMode }: OwnFile): KeyObject {
  if (exposedMode !== null) {
    const message = `Failed to use the certificate authority: the mode of "${file}" is ${exposedMode}, so other users may have its key, with which they could read what trusts it. If nobody has, run chmod 600 on it; else delete ca.key and ca.pem and trust the new authority.`;
    throw new ProxyError('AUTHORITY_EXPOSED', message);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(content);
  } catch (error) {
    throw damaged(file, 'holds no private key', error);
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw damaged(file, 'is not a key on the curve P-256');
}

/** Its name says whose it is and since when, and that nobody else should trust it. */
function newCertificate(key: KeyObject, now: number): Buffer {
  const publicKey = createPublicKey(key);
  const subject = {
    organization: 'calltape: for one user of one machine - do not trust elsewhere',
    common: `calltape CA ${new Date(now).toISOString().slice(0, 10)} ${hostname()}`,
  };
  const content = {
    subject,
    issuer: encodedName(subject),
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
    publicKey,
    extensions: [basicConstraints(0), keyUsage(true), subjectKeyIdentifier(publicKey)],
  };
  return Buffer.from(signedCertificate(content, key));
}

function parsedCertificate(file: string, { content }: OwnFile, key: KeyObject): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(content);
  } catch (error) {
    throw damaged(file, 'holds no certificate', error);
  }
  if (!certificate.checkPrivateKey(key)) throw damaged(file, 'does not belong to ca.key beside it');
  if (certificate.validToDate.getTime() > Date.now()) return certificate;
  const message = `Failed to use the certificate authority: "${file}" has expired on ${certificate.validTo}. Delete ca.key and ca.pem; the next start makes a new authority, which has to be trusted anew.`;
  throw new ProxyError('AUTHORITY_EXPIRED', message);
}

/**
 * Reads the authority in a folder, or makes it. The key comes first, the certificate is made of it:
 * processes that start together agree on both.
 *
 * @throws ProxyError AUTHORITY_EXPOSED, AUTHORITY_DAMAGED, AUTHORITY_EXPIRED, and whatever reading and writing
 * files throws.
 */
export function authorityPair(folder: string): AuthorityPair {
  const [keyFile, file] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  // In this order: whoever has made the certificate had made the key before.
  const storedCertificate = readOwnFile(file);
  const storedKey = readOwnFile(keyFile);
  if (storedKey === null && storedCertificate !== null) {
    throw damaged(keyFile, 'is missing, but ca.pem is there');
  }
  const key = parsedKey(keyFile, storedKey ?? makeOwnFile(keyFile, newKey()));
  const found = storedCertificate ?? makeOwnFile(file, newCertificate(key, Date.now()));
  const certificate = parsedCertificate(file, found, key);
  return { file, pem: found.content.toString('latin1'), certificate, key };
}
