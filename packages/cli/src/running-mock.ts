import { controlClient, controlNotes, type ControlClient, type ControlNote } from '@calltape/mock';
import { calltapeHome } from '@calltape/store';
import { CliError } from './errors.ts';

/**
 * The mock of this user that runs with a control API.
 *
 * Throws CliError CONTROL_NOT_FOUND when there is none, or several and none is named.
 *
 * @param pid - Its process, where it is named.
 */
export function runningMock(pid: number | undefined): ControlClient {
  const notes = controlNotes(calltapeHome()).filter(
    (note) => pid === undefined || note.pid === pid,
  );
  const [note, ...more] = notes;
  if (note === undefined) {
    const which = pid === undefined ? '' : ` as process ${pid}`;
    throw new CliError(
      'CONTROL_NOT_FOUND',
      `No mock of yours runs with a control API${which}: start one with calltape mock --control-port 0.`,
    );
  }
  if (more.length > 0) {
    throw new CliError(
      'CONTROL_NOT_FOUND',
      `Several mocks run: say which with --pid. ${notes.map(noteText).join('; ')}.`,
    );
  }
  return controlClient(note.url, note.token);
}

function noteText({ pid, tapes }: ControlNote): string {
  return `${pid} plays ${tapes.join(', ')}`;
}
