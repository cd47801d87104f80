import type { CommandSpec } from '../command.ts';
import { yesNo } from '../flag.ts';

export interface CaFlags {
  readonly der: boolean;
  readonly force: boolean;
}

export const CA: CommandSpec<CaFlags> = {
  name: 'ca',
  summary: 'show the certificate for recording https, and how to trust it',
  details: [
    'Each user has an authority of their own, made on first use and kept in ~/.calltape (or CALLTAPE_HOME). ' +
      'Trust it on machines of yours only: whoever has its key can read what trusts it.',
    '`ca path` prints the path of the certificate and nothing else; `ca export FILE` writes a copy, ' +
      'without FILE to stdout.',
  ],
  arguments: [
    { name: 'path|export', required: false, many: false },
    { name: 'FILE', required: false, many: false },
  ],
  flags: {
    der: yesNo('export in DER, as Android and some others want it, not in PEM'),
    force: yesNo('replace the file if it is there'),
  },
  examples: [
    { line: 'calltape ca', does: 'where it is, its fingerprint, and how to trust it' },
    { line: 'calltape ca path', does: 'for NODE_EXTRA_CA_CERTS=$(calltape ca path)' },
    { line: 'calltape ca export phone.crt --der', does: 'a copy for another device of yours' },
  ],
};
