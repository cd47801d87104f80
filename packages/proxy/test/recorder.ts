import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startProxy } from '@calltape/proxy';
import type { Proxy, ProxyOptions } from '@calltape/proxy';
import { openTape, openWriter } from '@calltape/store';
import type { Exchange, Message, Tape, TapeWriter, WriterOptions } from '@calltape/store';
import { afterAll, onTestFinished } from 'vitest';

export interface Recorder {
  readonly proxy: Proxy;
  readonly port: number;
  readonly writer: TapeWriter;
  /** Every call that went through this proxy, read back once none is under way. */
  rows(): Promise<Exchange[]>;
  /** The only call that went through this proxy. */
  row(): Promise<Exchange>;
  /** The messages of a WebSocket, also while it is open. */
  messages(exchangeId: number): Promise<Message[]>;
}

interface OpenTape {
  readonly writer: TapeWriter;
  close(): Promise<void>;
}

async function newTape(options: WriterOptions = {}): Promise<OpenTape> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-proxy-'));
  const start = { name: 'test', source: 'proxy' } as const;
  const writer = await openWriter(join(folder, 'calls.tape'), start, { redact: false, ...options });
  const close = async (): Promise<void> => {
    await writer.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { writer, close };
}

/** One tape for all tests of a file: starting a writer takes longer than most of them. */
let shared: Promise<OpenTape> | null = null;

afterAll(async () => {
  await (await shared)?.close();
});

async function tapeFor(options: WriterOptions | null): Promise<TapeWriter> {
  if (options === null) {
    shared ??= newTape();
    return (await shared).writer;
  }
  const own = await newTape(options);
  onTestFinished(async () => await own.close());
  return own.writer;
}

async function read<T>(writer: TapeWriter, use: (tape: Tape) => T): Promise<T> {
  await writer.flush();
  const tape = openTape(writer.file);
  try {
    return use(tape);
  } finally {
    tape.close();
  }
}

/**
 * Starts a proxy on a free port, gone with the test.
 *
 * @param upstream - Null for a forward proxy.
 * @param writerOptions - Given, the test records onto a tape of its own.
 */
export async function record(
  upstream: string | null,
  options: Partial<ProxyOptions> = {},
  writerOptions: WriterOptions | null = null,
): Promise<Recorder> {
  const writer = await tapeFor(writerOptions);
  const afterId = await read(writer, (tape) => tape.head().id);
  const to = upstream === null ? {} : { upstream };
  const proxy = await startProxy({ ...to, writer, port: 0, ...options });
  onTestFinished(async () => await proxy.close(0));
  const rows = async (): Promise<Exchange[]> => {
    while (proxy.inFlight > 0) await nextTurn();
    return await read(writer, (tape) => [...tape.exchanges({ afterId })]);
  };
  const row = async (): Promise<Exchange> => {
    const all = await rows();
    const [only] = all;
    if (only === undefined || all.length !== 1) throw new Error(`${all.length} calls on the tape`);
    return only;
  };
  const messages = async (id: number): Promise<Message[]> =>
    await read(writer, (tape) => tape.messages(id));
  return { proxy, port: proxy.port, writer, rows, row, messages };
}
