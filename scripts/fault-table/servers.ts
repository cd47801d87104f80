import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMock, parseFault, startMock } from '@calltape/mock';
import { openAuthority, openDoors } from '@calltape/proxy';
import { newDraft, openWriter } from '@calltape/store';
import { CASES } from './cases.ts';

/** The seed of every row: what `drift` and `garbage` choose follows from it. */
const SEED = 7;

/** A mock that answers plainly, and one that answers over TLS too, with every fault on a path of its own. */
export interface Servers {
  readonly plain: { readonly url: string; readonly port: number };
  readonly secure: { readonly url: string };
  /** Whom the secure one is signed by. */
  readonly authority: { readonly certificatePem: string; readonly file: string };
  close(): Promise<void>;
}

async function writeTape(file: string): Promise<void> {
  const writer = await openWriter(file, { name: 'samples', source: 'proxy' });
  for (const { path, sample } of CASES) {
    const draft = newDraft('GET', `http://api.example.com${path}`);
    const bytes = Buffer.from(sample.content);
    draft.outcome = 'complete';
    draft.response = {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: sample.headers,
      body: { pieces: [bytes], size: bytes.length, hash: null },
      trailers: [],
      interim: [],
      chunks: [...sample.chunks],
    };
    writer.begin(draft);
    writer.finish(draft);
  }
  await writer.close();
}

export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-faults-'));
  const tape = join(folder, 'samples.tape');
  await writeTape(tape);
  const faults = CASES.map(({ path, fault }) => parseFault(`GET ${path} ${fault}`));
  const plain = await startMock(tape, { faults, seed: SEED });
  const mock = openMock({ tapes: [tape], faults, seed: SEED });
  const authority = await openAuthority(folder);
  const doors = await openDoors({
    host: '127.0.0.1',
    port: 0,
    authority,
    secure: true,
    onHandshakeFailure: () => undefined,
    answer: (visit) => mock.visit(visit),
  });
  return {
    plain,
    secure: doors,
    authority: { certificatePem: authority.certificatePem, file: join(folder, 'ca.pem') },
    close: async () => {
      await plain.close(0);
      await mock.finish({ close: () => doors.close(), cut: () => doors.cut() }, 0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
