// A client that keeps N connections busy for some seconds and prints what it measured as JSON:
//   load.ts URL SIZE CONNECTIONS MILLISECONDS [CALLS-A-SECOND [REQUESTS]]
// Requests are for bodies of SIZE, a new URL each time, or those in the file REQUESTS in turn: a JSON
// list of [method, path, body], the body empty for none.
// Raw sockets, so that the client costs little of the cores that it shares with the rest.
// A call's time counts from the request to the last byte of the answer, without connecting.
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';

const [url = '', size = '0', connections = '32', milliseconds = '3000', perSecond = '0', file] =
  process.argv.slice(2);
const { hostname, port, host } = new URL(url);
const FIELDS = `Host: ${host}\r\nAccept: */*\r\nAuthorization: Bearer sk_test_0123456789abcdef\r\n`;
const requests = file === undefined ? null : readRequests(file);
const latencies: number[] = [];
const endAt = performance.now() + Number(milliseconds);
const gapMs = Number(perSecond) === 0 ? 0 : (1000 * Number(connections)) / Number(perSecond);
let sent = 0;
let failed = 0;

function readRequests(name: string): readonly string[] {
  const list: readonly (readonly [string, string, string])[] = JSON.parse(
    readFileSync(name, 'utf8'),
  );
  return list.map(([method, path, body]) => {
    const content = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    return `${method} ${path} HTTP/1.1\r\n${FIELDS}${body === '' ? '' : content}\r\n${body}`;
  });
}

function nextRequest(): string {
  if (requests !== null) return requests[sent % requests.length] ?? '';
  return `GET /${size}/${process.pid}${sent} HTTP/1.1\r\n${FIELDS}\r\n`;
}

class Connection {
  readonly #done: () => void;
  #socket = new Socket();
  #startedAt = 0;
  #left = -1;
  #head = '';
  #lastOne = false;
  #nextAt = performance.now() + Math.random() * gapMs;

  constructor(done: () => void) {
    this.#done = done;
  }

  open(): void {
    this.#socket = new Socket();
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#socket.on('error', () => {
      failed += 1;
    });
    this.#socket.on('close', () => this.#done());
    this.#socket.connect(Number(port), hostname, () => this.#next());
  }

  #next(): void {
    if (performance.now() >= endAt) {
      this.#socket.end();
      return;
    }
    this.#nextAt += gapMs;
    const wait = gapMs === 0 ? 0 : this.#nextAt - performance.now();
    if (wait > 1) setTimeout(() => this.#send(), wait);
    else this.#send();
  }

  #send(): void {
    sent += 1;
    this.#startedAt = performance.now();
    this.#left = -1;
    this.#head = '';
    this.#socket.write(nextRequest(), 'latin1');
  }

  #receive(bytes: Buffer): void {
    if (this.#left >= 0) this.#left -= bytes.length;
    else this.#readHead(bytes);
    if (this.#left !== 0) return;
    latencies.push(performance.now() - this.#startedAt);
    if (this.#lastOne) this.#reopen();
    else this.#next();
  }

  /** Some proxies close after every answer: the next call is sent over a new connection. */
  #reopen(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
    if (performance.now() < endAt) this.open();
    else this.#done();
  }

  #readHead(bytes: Buffer): void {
    const before = this.#head.length;
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end === -1) return;
    if (!this.#head.startsWith('HTTP/1.1 200')) failed += 1;
    const length = /content-length: *(\d+)/i.exec(this.#head)?.[1] ?? '0';
    this.#left = Number(length) - (bytes.length - (end + 4 - before));
    this.#lastOne = /^connection: *close/im.test(this.#head.slice(0, end));
  }
}

const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Number(connections) }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    new Connection(resolve).open();
    return promise;
  }),
);
const seconds = (performance.now() - startedAt) / 1000;
latencies.sort((one, other) => one - other);
const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
process.stdout.write(
  `${JSON.stringify({ calls: latencies.length, failed, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) })}\n`,
);
