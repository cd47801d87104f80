import { CallEraser } from './call-eraser.ts';
import { openForWriting } from './database.ts';

/** Takes a recording that could not be made whole off its tape, with its calls and their bodies. */
export function undoRecording(file: string, recordingId: number): void {
  const database = openForWriting(file);
  try {
    const eraser = new CallEraser(database);
    const calls = database
      .prepare<[number], number>('SELECT id FROM exchange WHERE recording_id = ?')
      .pluck();
    const undo = database.transaction(() => {
      eraser.erase(calls.all(recordingId));
      database.prepare('DELETE FROM recording WHERE id = ?').run(recordingId);
    });
    undo.immediate();
  } finally {
    database.close();
  }
}
