import { jsonLine, type Output } from '../output.ts';
import type { MockServer } from '../mock-server.ts';
import { mockSummary } from '../mock-talk.ts';
import { tellUnkeptRefusals } from '../record-talk.ts';
import { recordSummary, runFigures } from '../record-summary.ts';
import type { Recorder } from '../recorder.ts';
import type { UnseenCalls } from './unseen-calls.ts';

/** What `calltape run` says, on stderr alone: stdout is the command's. */
export interface RunTalk {
  readonly started: (url: string, notices: readonly string[]) => void;
  readonly ended: (recorder: Recorder, exitCode: number) => void;
  readonly mockEnded: (mock: MockServer, exitCode: number, again: string | null) => void;
}

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

export function runTalk(output: Output, tape: string, unseen: UnseenCalls): RunTalk {
  const say = (event: object, line: string): void => {
    output.talk(output.json ? jsonLine(event).trimEnd() : line);
  };
  return {
    started: (url, notices) => {
      say({ event: 'listening', url, tape, pid: process.pid }, `listening ${url}`);
      for (const notice of notices) say({ event: 'notice', message: notice }, notice);
    },
    ended: ({ proxy, writer, start }, exitCode) => {
      const { droppedBodies, ...figures } = runFigures(writer, start);
      const counts = { ...figures, dropped_bodies: droppedBodies };
      const isMute = figures.calls === 0 && unseen.none;
      say(
        { event: 'ended', exit_code: exitCode, ...counts, ...unseen.toJSON() },
        [recordSummary(writer, start), ...unseen.words, ...(isMute ? [NOTHING] : [])].join(' '),
      );
      tellUnkeptRefusals(proxy, runOutput(output));
    },
    mockEnded: (mock, exitCode, again) => {
      const { unused, ...counts } = mock.summary();
      const recorded = mock.recorded?.stats.writtenCalls ?? 0;
      const figures = { ...counts, unused: unused.length, recorded, seed: mock.seed, again };
      say(
        { event: 'ended', exit_code: exitCode, ...figures, ...unseen.toJSON() },
        [mockSummary(mock, again), ...unseen.words].join('\n'),
      );
    },
  };
}

const NOTHING = 'If it made calls: calltape doctor says which programs can be recorded.';
