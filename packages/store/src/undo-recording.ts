import { openForWriting } from './database.ts';

/**
 * Takes a recording that could not be made whole off its tape, with its calls and with what only
 * they used.
 */
export function undoRecording(file: string, recordingId: number): void {
  const database = openForWriting(file);
  try {
    const undo = database.transaction(() => {
      database
        .prepare(
          `DELETE FROM amendment
           WHERE exchange_id IN (SELECT id FROM exchange WHERE recording_id = ?)`,
        )
        .run(recordingId);
      database.prepare('DELETE FROM exchange WHERE recording_id = ?').run(recordingId);
      database.prepare('DELETE FROM recording WHERE id = ?').run(recordingId);
      database.exec(
        `DELETE FROM endpoint WHERE id NOT IN (SELECT endpoint_id FROM exchange);
         DELETE FROM body WHERE id NOT IN
           (SELECT request_body_id FROM exchange WHERE request_body_id IS NOT NULL
            UNION SELECT response_body_id FROM exchange WHERE response_body_id IS NOT NULL);`,
      );
    });
    undo.immediate();
  } finally {
    database.close();
  }
}
