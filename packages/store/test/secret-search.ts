import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBody, openTape } from '@calltape/store';

const LEAST_LENGTH = 8;

/** A secret as it may hide: raw, percent-encoded, in hex, in UTF-16, in base64 at each alignment. */
export function disguises(secret: string): string[] {
  const alignments = [0, 1, 2].map((offset) => {
    const whole = Buffer.from(secret).subarray((3 - offset) % 3);
    return whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
  });
  const urlSafe = alignments.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const all = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ a: secret }).toString().slice(2),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    Buffer.from(secret, 'utf16le').toString('latin1'),
    ...alignments,
    ...urlSafe,
  ];
  // Shorter ones are in random bytes by chance.
  return all.filter((text) => text === secret || text.length >= LEAST_LENGTH);
}

type Place = readonly [name: string, text: string];

/** The bytes of every file of a folder. */
async function filesIn(folder: string): Promise<Place[]> {
  const places: Place[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    places.push([entry.name, (await readFile(join(folder, entry.name))).toString('latin1')]);
  }
  return places;
}

function found(secrets: readonly string[], places: readonly Place[]): string[] {
  return secrets.flatMap((secret) =>
    disguises(secret).flatMap((disguise) =>
      places.flatMap(([place, text]) => (text.includes(disguise) ? [`${secret} in ${place}`] : [])),
    ),
  );
}

/** Every file of a folder with a secret in its bytes, also while somebody writes to them. */
export async function findSecretsInFiles(
  folder: string,
  secrets: readonly string[],
): Promise<string[]> {
  return found(secrets, await filesIn(folder));
}

/** Every place where a secret is in the files of a folder or the decoded rows, messages and bodies of a tape in it. */
export async function findSecrets(
  folder: string,
  tape: string,
  secrets: readonly string[],
): Promise<string[]> {
  const texts = await filesIn(folder);
  const opened = openTape(tape);
  for (const exchange of opened.exchanges()) {
    const { id, request, response } = exchange;
    texts.push([`row of call ${id}`, JSON.stringify(exchange)]);
    for (const { bytes } of opened.messages(id)) {
      texts.push([`message of call ${id}`, Buffer.from(bytes).toString('latin1')]);
    }
    for (const message of response === null ? [request] : [request, response]) {
      const { bytes } = decodeBody(message.body, message.headers);
      texts.push([`body of call ${id}`, Buffer.from(bytes).toString('latin1')]);
    }
  }
  opened.close();
  return found(secrets, texts);
}
