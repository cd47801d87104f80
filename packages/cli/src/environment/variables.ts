import { nodeOptions } from './node-options.ts';

/** A program's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables are made from. */
export interface RecordingFacts {
  /** The address of the recorder, a forward proxy. */
  readonly proxy: string;
  /** Path of the recorder's own certificate, for programs that add it to their roots. */
  readonly certificateFile: string;
  /** The same, with the further roots that Node.js programs of this user trust. */
  readonly nodeExtraFile: string;
  /** Path of all roots with the recorder's, for a variable that replaces the roots. */
  readonly bundleFile: (variable: string) => string;
  readonly preloadFile: string;
  /** Hosts to be called directly, as NO_PROXY takes them. */
  readonly noProxy: string;
  readonly allProxy: boolean;
  /** What JAVA_TOOL_OPTIONS gets; null leaves Java alone. */
  readonly javaOptions: string | null;
}

/** Variables that name a file of roots which is used in place of the program's own. */
export const BUNDLE_VARIABLES = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'AWS_CA_BUNDLE',
  'CARGO_HTTP_CAINFO',
  'GIT_SSL_CAINFO',
  'PERL_LWP_SSL_CA_FILE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
] as const;

/** What programs are to find in their environment so that their calls are recorded. */
export function recordingVariables(user: Environment, facts: RecordingFacts): Map<string, string> {
  const { proxy, certificateFile, javaOptions } = facts;
  // Some clients, such as axios before 1.0, speak to the proxy by themselves, over an agent that
  // would take that for a call to be sent through the proxy.
  const noProxy = [facts.noProxy, new URL(proxy).host].filter((hosts) => hosts !== '').join(',');
  return new Map([
    ['CALLTAPE_ACTIVE', '1'],
    ...bothSpellings('HTTP_PROXY', proxy),
    ...bothSpellings('HTTPS_PROXY', proxy),
    ['WS_PROXY', proxy],
    ['WSS_PROXY', proxy],
    ...(facts.allProxy ? bothSpellings('ALL_PROXY', proxy) : []),
    ...bothSpellings('NO_PROXY', noProxy),
    ['NODE_USE_ENV_PROXY', '1'],
    ['NODE_EXTRA_CA_CERTS', facts.nodeExtraFile],
    ['NODE_OPTIONS', nodeOptions(user['NODE_OPTIONS'] ?? '', facts.preloadFile)],
    ['DENO_CERT', certificateFile],
    // Without it, Perl's LWP looks at the proxy variables only when the program asks it to.
    ['PERL_LWP_ENV_PROXY', '1'],
    ...BUNDLE_VARIABLES.map((name): [string, string] => [name, facts.bundleFile(name)]),
    ...(javaOptions === null ? [] : [javaVariable(user, javaOptions)]),
  ]);
}

/** curl takes `http_proxy` in lower case only, other programs know only the other spelling. */
function bothSpellings(name: string, value: string): [string, string][] {
  return [
    [name, value],
    [name.toLowerCase(), value],
  ];
}

function javaVariable(user: Environment, options: string): [string, string] {
  const own = user['JAVA_TOOL_OPTIONS'] ?? '';
  return ['JAVA_TOOL_OPTIONS', own === '' ? options : `${own} ${options}`];
}

/**
 * The environment with the variables set. On Windows a name is the same in every spelling, so that
 * a process must not be given two: there is one, in capitals.
 */
export function withVariables(
  user: Environment,
  variables: ReadonlyMap<string, string>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const entries = [...Object.entries(user), ...variables].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  if (platform !== 'win32') return Object.fromEntries(entries);
  const bySpelling = new Map(entries.map(([name, value]) => [name.toUpperCase(), value]));
  return Object.fromEntries(bySpelling);
}
