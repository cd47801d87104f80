import type { ClientHttp2Session } from 'node:http2';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Agent } from 'undici';
import { CASES, isSlow, type Case } from './cases.ts';
import { CLIENTS, SECURE_CLIENTS, type Client } from './clients.ts';
import { viaCurl } from './curl.ts';
import { onStream, openSession, undiciAgent, viaUndici } from './http2.ts';
import { outcomeWords } from './outcome.ts';
import { startServers, type Servers } from './servers.ts';
import { onTheWire } from './wire.ts';

/** Rows, head first. */
export type Table = readonly (readonly string[])[];

const HTTP2_COLUMNS = ['on the stream', 'node:http2', 'undici, HTTP/2', 'curl, HTTP/2'];

export interface Tables {
  readonly plain: Table;
  readonly secure: Table;
}

async function seenBy(client: Client, url: string, { sample }: Case): Promise<string> {
  const startedAt = performance.now();
  const got = await client(url);
  return outcomeWords({ ...got, elapsedMs: performance.now() - startedAt }, sample);
}

/** What curl sees of each case. */
async function seenByCurl(url: string, options: readonly string[] = []): Promise<string[]> {
  const all = await viaCurl(
    CASES.map(({ path }) => url + path),
    options,
  );
  return CASES.map(({ sample }, at) => {
    const got = all[at];
    return got === undefined ? 'nothing' : outcomeWords(got, sample);
  });
}

/** What some clients see of a case, a cell each. */
type Look = (one: Case) => Promise<readonly string[]>;

/**
 * The cells of each case by each of some looks. Those where time counts are left for the end, and then
 * taken all at once, when nobody else needs the processor.
 */
async function cellsOf(looks: readonly Look[]): Promise<(readonly string[])[][]> {
  const cells = looks.map(() => new Map<Case, readonly string[]>());
  for (const [at, look] of looks.entries()) {
    for (const one of CASES.filter((each) => !isSlow(each))) cells[at]?.set(one, await look(one));
  }
  const slow = CASES.filter(isSlow).flatMap((one) =>
    looks.map(async (look, at) => cells[at]?.set(one, await look(one))),
  );
  await Promise.all(slow);
  return cells.map((of) => CASES.map((one) => of.get(one) ?? []));
}

function tableOf(columns: readonly string[], cells: readonly (readonly string[])[]): Table {
  const rows = CASES.map(({ fault, sample }, at) => {
    return [`\`${fault}\``, sample.name, ...(cells[at] ?? [])];
  });
  return [['fault', 'answer', ...columns], ...rows];
}

function plainLook({ plain }: Servers): Look {
  return async (one) =>
    Promise.all([
      onTheWire(plain.port, one.path),
      ...[...CLIENTS.values()].map((client) => seenBy(client, plain.url + one.path, one)),
    ]);
}

function secureLook({ secure: { url } }: Servers): Look {
  return async (one) =>
    Promise.all([...SECURE_CLIENTS.values()].map((client) => seenBy(client, url + one.path, one)));
}

async function seenOnStream(session: ClientHttp2Session, one: Case): Promise<[string, string]> {
  const startedAt = performance.now();
  const { frames, got } = await onStream(session, one.path);
  const elapsedMs = performance.now() - startedAt;
  return [frames, outcomeWords({ ...got, elapsedMs }, one.sample)];
}

function http2Look({ secure: { url } }: Servers, session: ClientHttp2Session, agent: Agent): Look {
  return async (one) => {
    const undici = seenBy(viaUndici(agent), url + one.path, one);
    return [...(await seenOnStream(session, one)), await undici];
  };
}

/** What curl sees plainly, over TLS and over HTTP/2. */
async function curlCells({ plain, secure, authority }: Servers): Promise<string[][]> {
  const trusting = ['--cacert', authority.file];
  return await Promise.all([
    seenByCurl(plain.url),
    seenByCurl(secure.url, [...trusting, '--http1.1']),
    seenByCurl(secure.url, [...trusting, '--http2']),
  ]);
}

async function tablesOf(servers: Servers): Promise<Tables> {
  const ca = servers.authority.certificatePem;
  const session = await openSession(servers.secure.url, ca);
  const agent = undiciAgent(ca);
  try {
    const looks = [plainLook(servers), secureLook(servers), http2Look(servers, session, agent)];
    const [plain = [], tls = [], http2 = []] = await cellsOf(looks);
    const [curl = [], curlTls = [], curl2 = []] = await curlCells(servers);
    return {
      plain: tableOf(
        ['on the wire', ...CLIENTS.keys(), 'curl'],
        plain.map((cells, at) => [...cells, curl[at] ?? '']),
      ),
      secure: tableOf(
        [...SECURE_CLIENTS.keys(), 'curl', ...HTTP2_COLUMNS],
        tls.map((cells, at) => [
          ...cells,
          curlTls[at] ?? '',
          ...(http2[at] ?? []),
          curl2[at] ?? '',
        ]),
      ),
    };
  } finally {
    session.destroy();
    await agent.destroy();
  }
}

/** The tables of the page, made by running every client against every fault. */
export async function faultTables(): Promise<Tables> {
  const servers = await startServers();
  const trusted = getCACertificates('default');
  // `fetch` has no option for it.
  setDefaultCACertificates([servers.authority.certificatePem]);
  try {
    return await tablesOf(servers);
  } finally {
    setDefaultCACertificates(trusted);
    await servers.close();
  }
}
