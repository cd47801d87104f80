/** What has a meaning to cmd.exe, quotes or not. */
const CMD_ACTIVE = /[()%!^"<>&|;, *?[\]`]/g;
/** Scripts that npm makes; they hand their arguments to cmd.exe a second time. */
const NPM_SHIM = /node_modules[/\\]\.bin[/\\][^/\\]+\.cmd$/i;

/** How a program is started. */
export interface Start {
  readonly file: string;
  readonly args: readonly string[];
  /** Hand the arguments over as they are (Windows). */
  readonly verbatim: boolean;
}

/**
 * How a file is started: a batch script, such as npm.cmd, only runs within cmd.exe, which reads what
 * it is given as a line of its language. So every argument is quoted as programs expect it, and
 * everything active in that is escaped with `^`, as often as it is read.
 */
export function startOf(file: string, args: readonly string[], platform: NodeJS.Platform): Start {
  if (platform !== 'win32' || !/\.(?:cmd|bat)$/i.test(file)) return { file, args, verbatim: false };
  const rounds = NPM_SHIM.test(file) ? 2 : 1;
  const words = args.map((arg) => escaped(quotedForPrograms(arg), rounds));
  const line = [escaped(file, 1), ...words].join(' ');
  return { file: 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}

/** Backslashes count as escapes only where a quote follows them, and are doubled there. */
function quotedForPrograms(arg: string): string {
  return `"${arg.replace(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, '$1$1')}"`;
}

function escaped(text: string, rounds: number): string {
  return rounds === 0 ? text : escaped(text.replace(CMD_ACTIVE, '^$&'), rounds - 1);
}
