import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getCACertificates } from 'node:tls';

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The files of roots that programs are pointed to, in the folder of what calltape keeps. */
export class CertificateFiles {
  readonly #folder: string;
  readonly #own: string;
  readonly #made = new Map<string, string>();
  /** Sentences about files of the user's that cannot be used. */
  readonly problems: string[] = [];

  /** @param own - The recorder's certificate, PEM. */
  constructor(folder: string, own: string) {
    this.#folder = folder;
    this.#own = own.trim();
  }

  /**
   * A file of all roots and the recorder's.
   *
   * @param source - The user's own file of roots; null for those of the system and of Node.js.
   */
  bundle(source: string | null): string {
    return this.#file('ca-bundle', source, systemRoots);
  }

  /** A file of the further roots that the user's file names, and the recorder's. */
  extra(source: string): string {
    return this.#file('ca-extra', source, () => []);
  }

  #file(name: string, source: string | null, otherwise: () => readonly string[]): string {
    const path = source === null ? null : resolve(source);
    const given = path === null ? null : this.#read(path);
    const id = given === null ? name : `${name}-${hash(path ?? '')}`;
    const made = this.#made.get(id);
    if (made !== undefined) return made;
    const file = join(this.#folder, `${id}.pem`);
    const roots = new Set((given ?? otherwise()).map((pem) => pem.trim()));
    roots.delete(this.#own);
    writeIfChanged(file, `${[...roots, this.#own].join('\n')}\n`);
    this.#made.set(id, file);
    return file;
  }

  /** Null when it holds no certificate; said once. */
  #read(path: string): string[] | null {
    const blocks = certificatesIn(path);
    if (blocks !== null) return blocks;
    const problem = `The certificates in "${path}", which your environment names, cannot be read; those of the system stand in for them.`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
    return null;
  }
}

function certificatesIn(path: string): string[] | null {
  try {
    return readFileSync(path, 'latin1').match(PEM_BLOCK);
  } catch {
    return null;
  }
}

function systemRoots(): string[] {
  return [...getCACertificates('system'), ...getCACertificates('bundled')];
}

function hash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

/** Programs may read the file at this moment, so it changes whole or not at all. */
function writeIfChanged(file: string, content: string): void {
  if (current(file) === content) return;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, content, { flag: 'wx', mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function current(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
