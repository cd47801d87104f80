import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The reader of YAML, loaded with the first file that needs it: it takes 12 MB. */
export function yamlReader(): typeof import('yaml') {
  return require('yaml');
}
