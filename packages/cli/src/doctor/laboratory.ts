import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import { flagReader } from '../flag-reader.ts';
import type { Output } from '../output.ts';
import { startRecorder } from '../recorder.ts';
import { RECORDER_FLAGS } from '../tables/recorder.ts';

/** A name that nothing has (RFC 2606 section 2): only the recorder knows where its calls go. */
const HOST = 'doctor.calltape.example';

/** What the stand-in answers, which a client should have seen in the end. */
const ANSWER = 'recorded by calltape';
/** What git reads from a repository that is served as plain files (gitprotocol-http). */
const REFS = `${'1'.repeat(40)}\trefs/heads/main\n`;

/** A recorder with a tape of its own and a system behind it, for trying clients out. */
export interface Laboratory {
  /** The address of the recorder. */
  readonly proxy: string;
  readonly folder: string;
  /** What a client is to call; every client has a path of its own. */
  readonly urlFor: (path: string) => string;
  /** Whether the tape has an answered call to this URL. */
  readonly hasRecorded: (url: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export async function openLaboratory(output: Output): Promise<Laboratory> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-doctor-'));
  const standIn = createServer(({ url = '' }, response) =>
    response.end(url.includes('/info/refs') ? REFS : ANSWER),
  );
  const target = await listening(standIn);
  const tape = join(folder, 'doctor.tape');
  const { proxy, writer } = await startRecorder({
    flag: flagReader(
      RECORDER_FLAGS,
      new Map([
        ['port', ['0']],
        ['map', [`${HOST}=${target}`]],
      ]),
    ),
    tape,
    output,
    name: 'doctor',
    origin: null,
    options: {},
  });
  return {
    proxy: proxy.url,
    folder,
    urlFor: (path) => `https://${HOST}/${path}`,
    hasRecorded: async (url) => {
      await writer.flush();
      return onTape(tape, url);
    },
    close: async () => {
      await proxy.close(0);
      await writer.close();
      standIn.closeAllConnections();
      standIn.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
}

/** git puts more behind the URL that it is given. */
function onTape(file: string, url: string): boolean {
  const tape = openTape(file);
  try {
    return tape.calls({}).some((call) => call.url.startsWith(url) && call.status === 200);
  } finally {
    tape.close();
  }
}
