import { optional, yesNo, type FlagTable } from '../flag.ts';
import { anyText } from '../value-kinds.ts';

/** What is said about the environment of programs that are to be recorded. */
export interface EnvironmentFlags {
  readonly 'no-proxy': string | undefined;
  readonly 'all-proxy': boolean;
  readonly java: boolean;
}

export const ENVIRONMENT_FLAGS: FlagTable<EnvironmentFlags> = {
  'no-proxy': optional(anyText('HOSTS'), 'hosts to be called directly and not recorded: a,b,.c'),
  'all-proxy': yesNo('set ALL_PROXY as well'),
  java: yesNo('set JAVA_TOOL_OPTIONS as well, which Java reports on stderr'),
};
