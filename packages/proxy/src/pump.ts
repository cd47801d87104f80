import type { IncomingMessage, OutgoingMessage } from 'node:http';
import type { TapeWriter } from '@calltape/store';

/**
 * Moves content from one message to another, each piece as it comes. The source is read no further
 * while the sink or the tape can take no more. What comes after the sink is gone is dropped, so that
 * a client can finish its upload and read the answer that is waiting for it.
 *
 * @param note - Called with each piece that is passed on.
 */
export function pump(
  source: IncomingMessage,
  sink: OutgoingMessage,
  writer: TapeWriter,
  note: (piece: Buffer) => void,
): void {
  const resume = (): void => {
    source.resume();
  };
  const afterDrain = (): void => {
    writer.onceDrained(resume);
  };
  source.on('data', (piece: Buffer) => {
    if (sink.destroyed || sink.writableEnded) return;
    note(piece);
    if (!sink.write(piece)) {
      source.pause();
      sink.once('drain', afterDrain);
    } else if (writer.full) {
      source.pause();
      writer.onceDrained(resume);
    }
  });
}
