#!/usr/bin/env node
// Plain JavaScript that Node 12 can parse: an older Node has to get as far as the sentence below,
// and must load nothing else (the SQLite binding crashes Node 20 instead of refusing it).

const NEEDED = '24.18.1';

// V8 keeps up to 3 x 16 MB for what has just been made, and a proxy under load fills all of it; with
// half of that it is as fast, and a mock with a quarter. Only a process that has not begun can be told
// so. See docs/performance.md.
const NURSERY = '--max-semi-space-size=';
const NURSERY_MB = { record: 8, run: 8, mock: 4 };

function isOlder(version, needed) {
  const have = version.split('.').map(Number);
  const want = needed.split('.').map(Number);
  const at = want.findIndex((part, i) => part !== have[i]);
  return at !== -1 && have[at] < want[at];
}

/** What Node should be told for the command that this is about; undefined for those that are soon over. */
function nurseryOption() {
  const command = process.argv.slice(2).find((word) => Object.keys(NURSERY_MB).includes(word));
  return command === undefined ? undefined : NURSERY + NURSERY_MB[command];
}

/** Whether this process may become one with the options that serve it best. */
function mayBegin() {
  const chosen = process.execArgv.concat(process.env.NODE_OPTIONS || '').join(' ');
  return (
    typeof process.execve === 'function' &&
    process.platform !== 'win32' &&
    chosen.indexOf('semi-space-size') === -1
  );
}

/** The same process, with the same descriptors, runs this file again; returns only if it may not. */
function begin(option) {
  const node = process.execPath;
  const options = [option].concat(process.execArgv);
  try {
    process.execve(node, [node].concat(options, process.argv.slice(1)), process.env);
  } catch {
    // A process that may start no others (--permission) does its work with more memory.
  }
}

function refuse(code, message) {
  const asJson = process.argv.indexOf('--json') !== -1;
  const line = asJson
    ? JSON.stringify({ error: { code: code, message: message } })
    : 'calltape: ' + message;
  process.stderr.write(line + '\n');
  process.exitCode = 3;
}

if (isOlder(process.versions.node, NEEDED)) {
  refuse(
    'NODE_TOO_OLD',
    `Node ${NEEDED} or newer is needed, and this is Node ${process.versions.node}: ` +
      'install a current Node 24 from https://nodejs.org and run the same command again.',
  );
} else {
  const option = nurseryOption();
  if (option !== undefined && mayBegin()) begin(option);
  // Much of the time to start is compiling, which Node can keep between runs.
  import('node:module')
    .then(({ enableCompileCache }) => enableCompileCache())
    .then(() => import('./program.js'))
    .then(({ programFile }) => import(programFile().href))
    .then(({ main }) => main(process.argv.slice(2)))
    .catch((error) => {
      const missing = error.code === 'ERR_MODULE_NOT_FOUND';
      refuse(
        missing ? 'NOT_BUILT' : 'NOT_LOADED',
        missing
          ? 'a part of the built program is missing: in a checkout run npm test once, ' +
              'otherwise install calltape again.'
          : `the program could not be loaded (${error.message}): install calltape again.`,
      );
    });
}
