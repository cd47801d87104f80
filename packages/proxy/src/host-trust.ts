import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { ProxyError } from './errors.ts';
import { hostMatch } from './host-pattern.ts';
import type { HostMatch } from './host-pattern.ts';
import { trustContext } from './trusted-roots.ts';
import type { OwnCertificate } from './trusted-roots.ts';

/** What a client proves itself with to some hosts. */
export interface ClientCertificate extends OwnCertificate {
  /** A host, with or without a port; `*` stands for any characters. */
  readonly host: string;
}

/** What TLS with a host goes by. */
export interface HostTls {
  readonly secureContext: SecureContext;
  /** Its certificate is checked. */
  readonly rejectUnauthorized: boolean;
}

interface Known {
  readonly isMeant: HostMatch;
  readonly own: OwnCertificate;
  context: SecureContext | null;
}

function checkOwn({ host, ...own }: ClientCertificate): void {
  try {
    createSecureContext(own);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The client certificate for ${host} cannot be used (${reason}). Give a certificate with its key, and the password if there is one.`;
    throw new ProxyError('CLIENT_CERT_INVALID', message, { cause: error });
  }
}

/** Whom to trust at each host, and what to prove oneself with. */
export class HostTrust {
  readonly #extraRoots: readonly string[];
  readonly #known: readonly Known[];
  readonly #isInsecure: HostMatch;
  #context: SecureContext | null = null;

  /**
   * @param extraRoots - PEM roots to trust besides the system's.
   * @param insecureHosts - Host patterns; the certificates of these hosts are not checked.
   * @throws ProxyError PATTERN_INVALID or CLIENT_CERT_INVALID
   */
  constructor(
    extraRoots: readonly string[],
    clientCertificates: readonly ClientCertificate[],
    insecureHosts: readonly string[],
  ) {
    this.#extraRoots = extraRoots;
    this.#known = clientCertificates.map((certificate) => {
      checkOwn(certificate);
      const { host, ...own } = certificate;
      return { isMeant: hostMatch([host]), own, context: null };
    });
    this.#isInsecure = hostMatch(insecureHosts);
  }

  /** Reads the trusted roots, which takes a tenth of a second, unless a call has done so already. */
  warm(): SecureContext {
    this.#context ??= trustContext(this.#extraRoots);
    return this.#context;
  }

  find(hostname: string, port: number): HostTls {
    const place = { hostname, port };
    return {
      secureContext: this.#contextFor(place),
      rejectUnauthorized: !this.#isInsecure(place),
    };
  }

  #contextFor(place: Parameters<HostMatch>[0]): SecureContext {
    const known = this.#known.find(({ isMeant }) => isMeant(place));
    if (known === undefined) return this.warm();
    known.context ??= trustContext(this.#extraRoots, known.own);
    return known.context;
  }
}
