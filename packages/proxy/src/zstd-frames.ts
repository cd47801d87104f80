import { Duplex } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import type { ZstdDecompress } from 'node:zlib';

/**
 * Decodes zstd data of any number of frames (RFC 8878 section 3.1). Node's own decoder drops what
 * follows a frame in the piece that ends it.
 */
export class ZstdFrames extends Duplex {
  #decoder: ZstdDecompress = this.#open();

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#feed(piece, done);
  }

  override _final(done: () => void): void {
    this.#decoder.once('end', () => this.push(null));
    this.#decoder.end();
    done();
  }

  override _read(): void {
    this.#decoder.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#decoder.destroy();
    done(error);
  }

  #feed(piece: Buffer, done: () => void): void {
    const decoder = this.#decoder;
    const before = decoder.bytesWritten;
    decoder.write(piece, () => {
      const rest = piece.subarray(decoder.bytesWritten - before);
      if (rest.length === 0 || this.destroyed) {
        done();
        return;
      }
      this.#decoder = this.#open();
      this.#feed(rest, done);
    });
  }

  #open(): ZstdDecompress {
    const decoder = createZstdDecompress();
    decoder.on('error', (error) => this.destroy(error));
    decoder.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) decoder.pause();
    });
    return decoder;
  }
}
