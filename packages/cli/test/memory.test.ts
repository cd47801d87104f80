// Bodies are kept until their calls end. A thousand uploads at once must not take a thousand bodies'
// worth of memory, also while the tape takes nothing.

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { emptyFolder, serve } from './run-cli.ts';
import { lockTape } from './tape-lock.ts';

const UPLOADS = 1000;
const PIECE = Buffer.alloc(64 * 1024, 'calltape ');
const PIECES = 10;
const MB = 1024 * 1024;

/** Of another process, bytes: now, and the most it has ever had. */
function memoryOf(pid: number | undefined): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { now: bytes('VmRSS'), most: bytes('VmHWM') };
}

async function upload(port: string): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${PIECES * PIECE.length}\r\n\r\n`);
  return socket;
}

async function sendTo(sockets: readonly Socket[], pieces: number): Promise<void> {
  for (let n = 0; n < pieces; n += 1) {
    const sent = sockets.map(async (socket) => {
      if (!socket.write(PIECE)) await once(socket, 'drain');
    });
    await Promise.all(sent);
  }
}

test.runIf(process.platform === 'linux')(
  'a thousand open uploads on a locked tape take bounded memory',
  async () => {
    const total = UPLOADS * (PIECES - 1) * PIECE.length;
    const arrived = Promise.withResolvers<void>();
    let received = 0;
    const server = createServer((request, response) => {
      request.on('data', (piece: Buffer) => {
        received += piece.length;
        if (received >= total) arrived.resolve();
      });
      request.on('end', () => response.end('ok'));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    const target = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const folder = await emptyFolder();
    const recorder = await serve(['record', target, '--port', '0'], { cwd: folder });
    await lockTape(join(folder, 'calls.tape'));
    const { port } = new URL(recorder.url);
    const sockets: Socket[] = [];
    for (let n = 0; n < UPLOADS; n += 1) sockets.push(await upload(port));
    const before = memoryOf(recorder.child.pid).now;
    await sendTo(sockets, PIECES - 1);
    await arrived.promise;
    const { most } = memoryOf(recorder.child.pid);
    expect(total).toBeGreaterThan(550 * MB);
    expect(most - before).toBeLessThan(350 * MB);
    // What is put aside has no name, so that nothing stays behind, whatever becomes of the recorder.
    expect(readdirSync(folder).join()).not.toContain('spill');
  },
  60_000,
);
