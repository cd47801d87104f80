// Remakes the table of docs/faults.md: every fault against every client, over real sockets.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FAULTS_PAGE, pageWith } from './fault-table/document.ts';
import { curlVersion, faultTable } from './fault-table/table.ts';
import { ROOT } from './source-files.ts';

function versionOf(name: string): string {
  const file = resolve(ROOT, 'node_modules', name, 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return `${name} ${version}`;
}

const curl = curlVersion();
if (curl === null) throw new Error('There is no curl on PATH, which has a column of the table.');
const clients = [`Node.js ${process.versions.node}`, ...['axios', 'got', 'undici'].map(versionOf)];
const versions = `Made with ${clients.join(', ')} and curl ${curl}.`;
writeFileSync(resolve(ROOT, FAULTS_PAGE), pageWith(await faultTable(), versions));
console.log(FAULTS_PAGE);
