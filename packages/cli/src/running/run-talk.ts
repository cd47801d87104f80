import { visible } from '@calltape/store';
import { jsonLine, type Output } from '../output.ts';
import { recordSummary, runFigures } from '../record-summary.ts';
import type { Recorder } from '../recorder.ts';

/** What `calltape run` says, on stderr alone: stdout is the command's. */
export interface RunTalk {
  readonly started: (url: string, notices: readonly string[]) => void;
  readonly ended: (recorder: Recorder, exitCode: number) => void;
  /** For the proxy: a host whose encrypted calls were passed on unread. */
  readonly unrecorded: (authority: string) => void;
}

const HOSTS_NAMED = 5;

/** The output of what a run is made of, such that with --json all its lines are JSON. */
export function runOutput(output: Output): Output {
  if (!output.json) return output;
  return {
    ...output,
    talk: (line) => output.talk(said('notice', line)),
    warn: (line) => output.warn(said('warning', line)),
  };
}

function said(event: string, message: string): string {
  return jsonLine({ event, message }).trimEnd();
}

export function runTalk(output: Output, tape: string): RunTalk {
  const unread = new Set<string>();
  const say = (event: object, line: string): void => {
    output.talk(output.json ? jsonLine(event).trimEnd() : line);
  };
  return {
    unrecorded: (authority) => {
      unread.add(visible(authority).replace(/:443$/, ''));
    },
    started: (url, notices) => {
      say({ event: 'listening', url, tape, pid: process.pid }, `listening ${url}`);
      for (const notice of notices) say({ event: 'notice', message: notice }, notice);
    },
    ended: ({ writer, start }, exitCode) => {
      const figures = runFigures(writer, start);
      const hosts = [...unread];
      say(
        { event: 'ended', exit_code: exitCode, ...figures, unread: hosts },
        [
          recordSummary(writer, start),
          ...unreadWords(hosts),
          ...(figures.calls === 0 && hosts.length === 0 ? [NOTHING] : []),
        ].join(' '),
      );
    },
  };
}

const NOTHING = 'If it made calls: calltape doctor says which programs can be recorded.';

function unreadWords(hosts: readonly string[]): string[] {
  if (hosts.length === 0) return [];
  const named = hosts.slice(0, HOSTS_NAMED).join(', ');
  const more = hosts.length > HOSTS_NAMED ? ` and ${hosts.length - HOSTS_NAMED} more` : '';
  return [`Passed on unread, so not recorded: the encrypted calls to ${named}${more}.`];
}
