// Remakes the tables of docs/faults.md: every fault against every client, over real sockets.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { curlVersion } from './fault-table/curl.ts';
import { FAULTS_PAGE, withTable } from './fault-table/document.ts';
import { faultTables } from './fault-table/table.ts';
import { readSource, ROOT } from './source-files.ts';

function versionOf(name: string): string {
  const file = resolve(ROOT, 'node_modules', name, 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return `${name} ${version}`;
}

const curl = curlVersion();
if (curl === null) throw new Error('There is no curl on PATH, which has columns of the tables.');
const clients = [`Node.js ${process.versions.node}`, ...['axios', 'got', 'undici'].map(versionOf)];
const versions = `Made with ${clients.join(', ')} and curl ${curl}.\n\n`;
const { plain, secure } = await faultTables();
const page = withTable(readSource(FAULTS_PAGE), 'plain', plain, versions);
writeFileSync(resolve(ROOT, FAULTS_PAGE), withTable(page, 'secure', secure, ''));
console.log(FAULTS_PAGE);
