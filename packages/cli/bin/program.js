// Which of its two forms the program runs in: the bundle, which loads in half the time, or, in a
// checkout where a package was built after it, the modules as they were built.

import { existsSync, readdirSync, statSync } from 'node:fs';

const PACKAGE = new URL('../', import.meta.url);
const BUNDLE = new URL('bundle/main.js', PACKAGE);

/** When a file was last written, milliseconds since 1970; 0 for none. */
function written(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @returns {boolean} Whether there is a bundle and nothing in it is out of date. */
export function isBundleFresh() {
  const bundled = written(BUNDLE);
  if (bundled === 0 || !existsSync(new URL('src/', PACKAGE))) return bundled !== 0;
  const packages = new URL('../', PACKAGE);
  return readdirSync(packages).every(
    (name) => written(new URL(`${name}/dist/.tsbuildinfo`, packages)) < bundled,
  );
}

/** @returns {URL} The module that has `main`. */
export function programFile() {
  return isBundleFresh() ? BUNDLE : new URL('dist/main.js', PACKAGE);
}
