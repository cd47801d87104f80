import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createHttpServer } from './http-server.ts';
import type { OpenMock } from './open-mock.ts';

/** A server of plain HTTP/1.1, the one door that needs nobody else. */
export class PlainDoor {
  readonly server: Server;
  readonly #mock: OpenMock;
  /** Connections on which no request has come yet. */
  readonly #unused = new Set<Socket>();

  constructor(mock: OpenMock) {
    this.#mock = mock;
    this.server = createHttpServer(
      (request, response) => {
        this.#unused.delete(request.socket);
        mock.visit({ request, response, secure: false, origin: null, passOn: null });
      },
      (request, behind) => {
        this.#unused.delete(request.socket);
        mock.open({ request, behind, secure: false, origin: null, passOn: null });
      },
      (socket) => mock.isAnswering(socket),
    );
    this.server.on('connection', (socket) => {
      this.#unused.add(socket);
      socket.once('close', () => this.#unused.delete(socket));
    });
  }

  /** Accepts no more connections and lets calls end; see `OpenMock.finish`. */
  async close(graceMs: number | undefined): Promise<void> {
    const { server } = this;
    const door = {
      close: async () => {
        const { promise: closed, resolve } = Promise.withResolvers<void>();
        server.close(() => resolve());
        // node:http does not call a connection idle before its first request.
        for (const socket of this.#unused) socket.destroy();
        await closed;
      },
      closeIdle: () => server.closeIdleConnections(),
      cut: () => server.closeAllConnections(),
    };
    await this.#mock.finish(door, graceMs);
  }
}
