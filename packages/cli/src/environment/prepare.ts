import { openAuthority } from '@calltape/proxy';
import { calltapeHome, visible } from '@calltape/store';
import { CertificateFiles } from './certificate-files.ts';
import { PRELOAD } from '../preload-file.ts';
import { javaOptions, javaTrustStore } from './java.ts';
import { savedValue, SAVED } from './users-own.ts';
import { recordingVariables, type Environment } from './variables.ts';

/** What the flags of `run` and `env` say about the environment. */
export interface EnvironmentWishes {
  /** Hosts to be called directly, as NO_PROXY takes them. */
  readonly noProxy: string | undefined;
  readonly allProxy: boolean;
  readonly java: boolean;
}

export interface Prepared {
  /** What is to be set, in order. */
  readonly variables: ReadonlyMap<string, string>;
  /** What the user should know, a sentence each. */
  readonly notices: readonly string[];
}

/**
 * Makes the files and the variables by which programs come to a recorder and trust it.
 *
 * @param user - The environment as it is without a recorder (`usersOwn`).
 * @param proxy - The address of the recorder.
 * @throws ProxyError when there can be no certificate authority.
 */
export async function prepareEnvironment(
  user: Environment,
  proxy: string,
  { noProxy = '', allProxy, java }: EnvironmentWishes,
): Promise<Prepared> {
  const folder = calltapeHome();
  const { certificateFile, certificatePem } = await openAuthority(folder);
  const files = new CertificateFiles(folder, certificatePem);
  const extra = user['NODE_EXTRA_CA_CERTS'] ?? '';
  const store = java ? await javaTrustStore(user, folder, certificateFile) : null;
  const variables = recordingVariables(user, {
    proxy,
    certificateFile,
    nodeExtraFile: extra === '' ? certificateFile : files.extra(extra),
    bundleFile: (name) => files.bundle(user[name] || user['SSL_CERT_FILE'] || null),
    preloadFile: PRELOAD,
    noProxy,
    allProxy,
    javaOptions: store === null ? null : javaOptions(proxy, store, noProxy),
  });
  const saved = savedValue(user, [...variables.keys(), SAVED]);
  return {
    variables: new Map([...variables, [SAVED, saved]]),
    notices: [
      ...noProxyNotice(user, noProxy),
      ...files.problems,
      ...(java && store === null ? [NO_JAVA] : []),
    ],
  };
}

const NO_JAVA =
  'No Java with its keytool was found, so Java programs are left as they are: set JAVA_HOME.';

function noProxyNotice(user: Environment, noProxy: string): string[] {
  const before = user['NO_PROXY'] || user['no_proxy'] || '';
  if (before === '' || before === noProxy) return [];
  return [
    `NO_PROXY=${visible(before)} of your environment is ${noProxy === '' ? 'left out' : 'replaced'}, ` +
      'so that those calls come here too; --no-proxy HOSTS says which are not.',
  ];
}
