import { Agent, createServer, request } from 'node:http';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';

/** An upstream that answers each request at once with the body for its path; null leaves it hanging. */
export async function answerer(bodyOf: (path: string) => string | Buffer | null): Promise<string> {
  const server = createServer((asked, response) => {
    asked.resume();
    const body = bodyOf(asked.url ?? '/');
    if (body === null) return;
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Clients that call without a pause, each path once, until they are stopped or cannot any more. */
export class Load {
  /** When the client saw the end of each answer, by path; `performance.now()`. */
  readonly ended = new Map<string, number>();
  /** Statuses and how often each was seen. */
  readonly statuses = new Map<number, number>();
  sent = 0;
  readonly #url: string;
  readonly #name: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #most: number;
  readonly #clients: Promise<void>[];
  #stopping = false;

  constructor(url: string, name: string, clients: number, most = Number.POSITIVE_INFINITY) {
    this.#url = url;
    this.#name = name;
    this.#most = most;
    this.#clients = Array.from({ length: clients }, () => this.#run());
  }

  /** Resolves when so many answers were seen. */
  async seen(answers: number): Promise<void> {
    while (this.ended.size < answers) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.done();
  }

  async done(): Promise<void> {
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    while (!this.#stopping && this.sent < this.#most) {
      const path = `/${this.#name}/${(this.sent += 1)}`;
      if (!(await this.#call(path))) return;
      this.ended.set(path, performance.now());
    }
  }

  async #call(path: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const call = request(this.#url + path, { agent: this.#agent }, (response) => {
      const status = response.statusCode ?? 0;
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      response.on('end', () => resolve(response.complete));
      response.on('error', () => resolve(false));
      response.resume();
    });
    call.on('error', () => resolve(false));
    call.end();
    return await promise;
  }
}

/** Answers a question to a tape in SQL; what outside tools see. */
export function ask(tape: string, sql: string): unknown[] {
  const database = new DatabaseSync(tape, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    database.close();
  }
}

/** The paths of all complete calls on a tape. */
export function pathsOn(tape: string): Set<string> {
  const urls = ask(tape, "SELECT url FROM calls WHERE outcome = 'complete'");
  return new Set(urls.map((url) => new URL(String(url)).pathname));
}
