import { existsSync } from 'node:fs';
import { visible } from '@calltape/store';
import { BUNDLE_VARIABLES, type Environment } from '../environment/variables.ts';
import { finding, type Finding } from './finding.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY'];
const THIS_MACHINE = /(?:^|[\s,])(?:localhost|127\.|\[?::1|\*)/;

/** What of the user's own environment bears on what can be recorded. */
export function environmentFindings(user: Environment): Finding[] {
  return [
    ...noProxy(user),
    ...otherProxy(user),
    ...nodeOptions(user),
    ...unchecked(user),
    ...certificateFiles(user),
  ];
}

function noProxy(user: Environment): Finding[] {
  const list = user['NO_PROXY'] || user['no_proxy'] || '';
  if (list === '') return [];
  const here = THIS_MACHINE.test(list) ? ', with this machine among them' : '';
  return [
    finding(
      'note',
      'NO_PROXY',
      `names hosts that programs call directly${here}: calltape run leaves it out, ` +
        'programs you point to a recorder yourself keep to it',
    ),
  ];
}

function otherProxy(user: Environment): Finding[] {
  const name = PROXY_VARIABLES.find((one) => (user[one] ?? '') !== '');
  if (name === undefined) return [];
  const host = URL.parse(user[name] ?? '')?.host ?? 'a proxy';
  return [
    finding(
      'note',
      name,
      `names ${visible(host)}: the recorder reaches APIs through it, unless --upstream-proxy says otherwise`,
    ),
  ];
}

function nodeOptions(user: Environment): Finding[] {
  const options = user['NODE_OPTIONS'] ?? '';
  if (options === '') return [];
  return [
    finding('note', 'NODE_OPTIONS', `stays in force behind calltape's own: ${visible(options)}`),
  ];
}

function unchecked(user: Environment): Finding[] {
  if (user['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return [];
  return [
    finding(
      'note',
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'is 0, so your programs trust any server; the recorder does not, and fails where they would not',
    ),
  ];
}

function certificateFiles(user: Environment): Finding[] {
  return [...BUNDLE_VARIABLES, 'NODE_EXTRA_CA_CERTS'].flatMap((name) => {
    const file = user[name] ?? '';
    if (file === '' || existsSync(file)) return [];
    return [finding('problem', name, `names ${visible(file)}, which is not there: unset it`)];
  });
}
