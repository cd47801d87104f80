import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';

const HEAD_BYTES = 9;
const [END_STREAM, END_HEADERS, HEADERS] = [1, 4, 1];

/** A frame of a stream as it came (RFC 9113 section 4.1). */
export interface Frame {
  readonly type: number;
  readonly ends: boolean;
  readonly length: number;
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** The frames of stream 1 that are whole. */
function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3);
    const isWhole = at + HEAD_BYTES + length <= bytes.length;
    const ends = (bytes.readUInt8(at + 4) & END_STREAM) !== 0;
    const type = bytes.readUInt8(at + 3);
    if (isWhole && bytes.readUInt32BE(at + 5) === 1) frames.push({ type, ends, length });
    at += HEAD_BYTES + length;
  }
  return frames;
}

/** Asks for `/` by GET on a connection that has agreed on HTTP/2; the frames of the answer. */
export async function framesOfAnswer(socket: TLSSocket, authority: string): Promise<Frame[]> {
  const name = Buffer.from(authority);
  // :method GET, :scheme https, :path / and :authority (RFC 7541, appendix A).
  const fields = Buffer.concat([Buffer.from([0x82, 0x87, 0x84, 0x41, name.length]), name]);
  socket.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  socket.write(frame(4, 0, 0, Buffer.alloc(0)));
  socket.write(frame(HEADERS, END_STREAM | END_HEADERS, 1, fields));
  let bytes = Buffer.alloc(0);
  for (;;) {
    const frames = framesIn(bytes);
    if (frames.some(({ ends }) => ends)) return frames;
    const [piece]: Buffer[] = await once(socket, 'data');
    bytes = Buffer.concat([bytes, piece ?? Buffer.alloc(0)]);
  }
}
