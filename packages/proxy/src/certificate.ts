import { createHash, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv6 } from 'node:net';
import * as der from './der.ts';

const SIGNED_WITH = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
const SERIAL_BYTES = 16;
/** How many members stand before the issuer's name: version, serial number, algorithm. */
const BEFORE_ISSUER = 3;
/** RFC 5280 appendix A: the longest common or organisation name, characters. */
const MAX_NAME = 64;

/** Who a certificate is about, or who has signed it. */
export interface Name {
  readonly organization: string;
  readonly common: string;
}

/** Everything a certificate says but its signature. */
export interface CertificateContent {
  readonly subject: Name;
  /** The issuer's name as it is encoded in its own certificate. */
  readonly issuer: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function extension(id: string, critical: boolean, content: Buffer): Buffer {
  const octets = der.octetString(content);
  const identifier = der.objectIdentifier(id);
  return critical ? der.sequence(identifier, der.TRUE, octets) : der.sequence(identifier, octets);
}

/** @param pathLength - How many authorities may stand between this one and a leaf; null for a leaf. */
export function basicConstraints(pathLength: number | null): Buffer {
  const content =
    pathLength === null
      ? der.sequence()
      : der.sequence(der.TRUE, der.integer(Buffer.from([pathLength])));
  return extension('2.5.29.19', true, content);
}

/** An authority signs certificates and lists of revoked ones, a leaf the handshake. */
export function keyUsage(ofAuthority: boolean): Buffer {
  const bits = ofAuthority
    ? der.bitString(Buffer.from([0x06]), 1)
    : der.bitString(Buffer.from([0x80]), 7);
  return extension('2.5.29.15', true, bits);
}

export function serverAuth(): Buffer {
  const purpose = der.objectIdentifier('1.3.6.1.5.5.7.3.1');
  return extension('2.5.29.37', false, der.sequence(purpose));
}

export function subjectKeyIdentifier(publicKey: KeyObject): Buffer {
  return extension('2.5.29.14', false, der.octetString(keyIdentifier(publicKey)));
}

export function authorityKeyIdentifier(publicKey: KeyObject): Buffer {
  const content = der.sequence(der.contextPlain(0, keyIdentifier(publicKey)));
  return extension('2.5.29.35', false, content);
}

/** RFC 5280 section 4.2.1.2: the SHA-1 of the key's bits, which name the key and secure nothing. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const coordinates = [x, y].map((text) => Buffer.from(text, 'base64url'));
  return createHash('sha1')
    .update(Buffer.concat([Buffer.from([0x04]), ...coordinates]))
    .digest();
}

/** @param host - A name in ASCII, or an address without brackets. */
export function subjectAltName(host: string, isAddress: boolean): Buffer {
  const name = isAddress
    ? der.contextPlain(7, addressBytes(host))
    : der.contextPlain(2, Buffer.from(host, 'latin1'));
  return extension('2.5.29.17', false, der.sequence(name));
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes an address of version 6 in its one canonical form, without dots.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after = ''] = canonical.split('::');
  const [head, tail] = [groupsOf(before), groupsOf(after)];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const hex = [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('');
  return Buffer.from(hex, 'hex');
}

function namePart(id: string, text: string): Buffer {
  const shortened = Array.from(text).slice(0, MAX_NAME).join('');
  return der.setOf(der.sequence(der.objectIdentifier(id), der.utf8String(shortened)));
}

export function encodedName({ organization, common }: Name): Buffer {
  return der.sequence(namePart('2.5.4.10', organization), namePart('2.5.4.3', common));
}

/** The name of who has signed a certificate, as it is encoded there. */
export function issuerOf(certificate: Buffer): Buffer {
  const [toBeSigned] = der.membersOf(certificate);
  const issuer = toBeSigned === undefined ? undefined : der.membersOf(toBeSigned)[BEFORE_ISSUER];
  if (issuer === undefined) throw new RangeError('not a certificate');
  return issuer;
}

/** 128 random bits behind a 1, so that it is never negative and never begins with zeros. */
function serialNumber(): Buffer {
  return der.integer(Buffer.concat([Buffer.from([1]), randomBytes(SERIAL_BYTES)]));
}

/**
 * An X.509 certificate (RFC 5280), signed with ECDSA and SHA-256.
 *
 * @param signingKey - The issuer's; on the curve P-256.
 * @returns PEM.
 */
export function signedCertificate(content: CertificateContent, signingKey: KeyObject): string {
  const toBeSigned = der.sequence(
    der.context(0, der.integer(Buffer.from([2]))),
    serialNumber(),
    SIGNED_WITH,
    content.issuer,
    der.sequence(der.time(content.notBefore), der.time(content.notAfter)),
    encodedName(content.subject),
    content.publicKey.export({ format: 'der', type: 'spki' }),
    der.context(3, der.sequence(...content.extensions)),
  );
  const signature = der.bitString(sign('sha256', toBeSigned, signingKey));
  return pem(der.sequence(toBeSigned, SIGNED_WITH, signature));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
