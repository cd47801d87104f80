// Does the whole set-up (dependencies, build), then runs a script with the Node 24 that the set-up
// lays into node_modules. Plain JavaScript, for the Node 20 that a machine may come with.
//
//   node scripts/launch.mjs scripts/check.ts [arguments of the script]

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const OLDEST_NODE = 20;
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.calltape-setup');
const NODE = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const TSC = join(MODULES, 'typescript', 'bin', 'tsc');
const BUNDLER = join(ROOT, 'scripts', 'bundle-program.ts');
const EXIT_ENVIRONMENT = 3;

/** What a failed install says when the registry, and not the project, is the reason. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_\w+|CERT_\w+|SELF_SIGNED\w*|UNABLE_TO_\w+|META_FETCH_FAIL|FETCH_(?:40\d|50\d)|E(?:40[1347]|50\d)\b/;

class SetupError extends Error {}

function main() {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    throw new SetupError('No script named. Use: node scripts/launch.mjs scripts/check.ts');
  }
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetupError(
      `Node ${OLDEST_NODE} or newer is needed to set up, and this is Node ` +
        `${process.versions.node}. Install a newer one from https://nodejs.org and run this again.`,
    );
  }
  const file = existsSync(script) ? resolve(script) : join(ROOT, script);
  const installed = install();
  build(installed);
  run(file, args);
}

/** Installs the dependencies unless these very ones are there. Says whether it did. */
function install() {
  const wanted = fingerprint();
  const have = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (have === wanted && existsSync(NODE)) return false;
  say('installing the dependencies');
  const { error, status, stdout, stderr } = spawnPnpm(['install', '--frozen-lockfile']);
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  if (error) {
    throw new SetupError(
      `npx could not be started (${error.code ?? error.message}). Install Node with npm from https://nodejs.org and run this again.`,
    );
  }
  if (status !== 0) throw installFailure(status, output);
  if (!existsSync(NODE)) {
    throw new SetupError(
      `The install ended well, but there is no Node at ${NODE}. Delete node_modules and run this again.`,
    );
  }
  writeFileSync(STAMP, wanted);
  return true;
}

function installFailure(status, output) {
  const reason = UNREACHABLE.exec(output);
  if (reason !== null) {
    return new SetupError(
      `The dependencies could not be fetched from the npm registry (${reason[0]}). Check the network and "npm config get registry", then run this again.`,
    );
  }
  process.stderr.write(output);
  return new SetupError(
    `The dependencies could not be installed (pnpm ended with ${status}; what it said is above).`,
  );
}

/** @param {string} folder */
function sortedNames(folder) {
  const names = readdirSync(folder);
  names.sort();
  return names;
}

/** Stands for everything the installed dependencies follow from. */
function fingerprint() {
  const manifests = ['.', 'packages'].flatMap((folder) =>
    sortedNames(join(ROOT, folder)).map((name) => join(folder, name, 'package.json')),
  );
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests];
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.platform, process.arch, PNPM]));
  for (const file of files.filter((name) => existsSync(join(ROOT, name)))) {
    const content = readFileSync(join(ROOT, file));
    hash.update(JSON.stringify([file, content.length])).update(content);
  }
  return hash.digest('hex');
}

// CI=true: pnpm must not wait for an answer that nobody can give, as it does before it replaces a
// node_modules made elsewhere.
function spawnPnpm(args) {
  const options = {
    cwd: ROOT,
    env: { ...process.env, CI: 'true' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  };
  const words = ['--yes', PNPM, ...args];
  // npx is a .cmd file on Windows, which only a shell can start; no word here needs quoting.
  return process.platform === 'win32'
    ? spawnSync(`npx ${words.join(' ')}`, { ...options, shell: true })
    : spawnSync('npx', words, options);
}

function build(installed) {
  const packages = readdirSync(join(ROOT, 'packages')).filter((name) =>
    existsSync(join(ROOT, 'packages', name, 'tsconfig.json')),
  );
  const isBuilt = (name) => existsSync(join(ROOT, 'packages', name, 'dist', '.tsbuildinfo'));
  if (installed || !packages.every(isBuilt)) say('building the packages');
  const projects = packages.map((name) => join('packages', name));
  const { status, stdout, stderr } = spawnSync(NODE, [TSC, '-b', ...projects], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) buildFailure('the packages do not compile', stdout, stderr);
  const bundled = spawnSync(NODE, [BUNDLER], { cwd: ROOT, encoding: 'utf8' });
  if (bundled.status !== 0) {
    buildFailure('the program cannot be bundled', bundled.stdout, bundled.stderr);
  }
}

function buildFailure(what, stdout, stderr) {
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  process.stderr.write(`set-up: ${what}; the reasons are above.\n`);
  process.exit(1);
}

function run(file, args) {
  const child = spawn(NODE, [file, ...args], { stdio: 'inherit', env: environment() });
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child too, and a second one would mean "at once".
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    fail(new SetupError(`${NODE} could not be started (${error.message}). Delete node_modules.`));
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The user's own environment, with the tools of node_modules found first. */
function environment() {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [join(MODULES, '.bin'), process.env[key] ?? ''].filter((part) => part !== '');
  return { ...process.env, [key]: path.join(delimiter) };
}

function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

function fail(error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(EXIT_ENVIRONMENT);
}

try {
  main();
} catch (error) {
  fail(error);
}
