/** The shells that lines can be written for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell', 'cmd'] as const;

export type Shell = (typeof SHELLS)[number];

interface Dialect {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
}

const POSIX: Dialect = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  unset: (name) => `unset ${name}`,
};

const DIALECTS: Readonly<Record<Shell, Dialect>> = {
  bash: POSIX,
  zsh: POSIX,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, String.raw`\$&`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // All of ‘ ’ ‚ ‛ and ' end a single-quoted string of PowerShell unless doubled.
    set: (name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    // For a .bat file, where a lone % would begin the name of a variable.
    set: (name, value) => `set "${name}=${value.replaceAll('%', '%%')}"`,
    unset: (name) => `set "${name}="`,
  },
};

/** A line for each variable; null unsets one. */
export function shellLines(
  shell: Shell,
  variables: Iterable<readonly [string, string | null]>,
): string[] {
  const { set, unset } = DIALECTS[shell];
  return Array.from(variables, ([name, value]) =>
    value === null ? unset(name) : set(name, oneLine(value)),
  );
}

/** No variable that is set here holds a line break; one that did would run what follows it. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}

/** The shell that the environment speaks of. */
export function usualShell(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Shell {
  const name = /[^/\\]+$/.exec(environment['SHELL'] ?? '')?.[0]?.replace(/\.exe$/, '');
  const known = SHELLS.find((shell) => shell === name);
  if (known !== undefined) return known;
  return platform === 'win32' ? 'powershell' : 'bash';
}
