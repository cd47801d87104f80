import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { parseHar } from './har-import.ts';
import { kindOfKey, KEY } from './redact-keys.ts';
import { hintOf, scannedDraft, scannedExchange, SecretScanner } from './scan.ts';
import type { SecretFinding } from './scan.ts';
import { openTape } from './tape.ts';

const CHUNK_BYTES = 1024 * 1024;
/** No key is longer, and each is whole in one of two chunks that overlap by so much. */
const MOST_KEY_BYTES = 4096;
const LEAST_KEY_LENGTH = 12;
const MOST_FILE_BYTES = 512 * 1024 * 1024;

/**
 * Searches a file for secrets, by the same rules by which a recorder replaces them. A tape is searched
 * call by call, with its bodies decoded, and then byte by byte, also its free pages and its log; a
 * placeholder that a recorder put there is told from a secret. A HAR is searched call by call, any
 * other file as text.
 *
 * @returns What was found, a call or a megabyte at a time.
 * @throws TapeError when the tape is damaged or newer.
 */
export function* scanFile(file: string): Generator<readonly SecretFinding[]> {
  if (isSqlite(file)) {
    yield* scanTape(file);
    return;
  }
  const bytes = readFileSync(file);
  const scanner = new SecretScanner(() => false);
  const calls = statSync(file).size > MOST_FILE_BYTES ? null : harCalls(bytes, file);
  if (calls === null) yield [...scanner.bytes(bytes)];
  else
    for (const [number, call] of calls.entries())
      yield [...scanner.call(scannedDraft(call, number))];
}

function harCalls(bytes: Buffer, file: string): ReturnType<typeof parseHar> | null {
  if (!bytes.subarray(0, 1000).includes('"log"')) return null;
  try {
    return parseHar(bytes.toString(), file);
  } catch {
    // Then it is some other file, and read as such.
    return null;
  }
}

function isSqlite(file: string): boolean {
  const start = Buffer.alloc(15);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return start.toString('latin1') === 'SQLite format 3';
}

function* scanTape(file: string): Generator<readonly SecretFinding[]> {
  const tape = openTape(file);
  try {
    const isKnown = (value: string): boolean => tape.isPlaceholder(value);
    const scanner = new SecretScanner(isKnown);
    for (const { name, upstream } of tape.recordings()) {
      yield [...scanner.text(name, null, 'recording name')];
      yield [...scanner.text(upstream ?? '', null, 'recording upstream')];
    }
    for (const exchange of tape.exchanges()) {
      yield [...scanner.call(scannedExchange(exchange))];
      for (const { id, bytes } of tape.messages(exchange.id)) {
        yield [...scanner.message(exchange.id, id, bytes)];
      }
    }
    for (const part of [file, `${file}-wal`]) {
      if (existsSync(part)) yield* scanRaw(part, part === file ? '' : 'log ', isKnown, scanner.met);
    }
  } finally {
    tape.close();
  }
}

/** Keys by their shape in the bytes of a file, where no call holds them any more. */
function* scanRaw(
  file: string,
  part: string,
  isKnown: (value: string) => boolean,
  met: ReadonlySet<string>,
): Generator<readonly SecretFinding[]> {
  const reported = new Set<string>();
  for (const { text, offset } of chunksOf(file)) {
    const found: SecretFinding[] = [];
    for (const { 0: key, index } of text.matchAll(new RegExp(KEY, 'g'))) {
      if (reported.has(key) || isExplained(key, isKnown, met)) continue;
      reported.add(key);
      const place = `${part}byte ${offset + index}`;
      found.push({ kind: kindOfKey(key) ?? 'key', call: null, place, hint: hintOf(key) });
    }
    yield found;
  }
}

/**
 * Whether these bytes are a placeholder, or a secret that a call was reported for. Other cells may
 * follow in the file without a gap, and a page may end in the middle.
 */
function isExplained(
  key: string,
  isKnown: (value: string) => boolean,
  met: ReadonlySet<string>,
): boolean {
  for (let length = Math.min(key.length, MOST_KEY_BYTES); length >= LEAST_KEY_LENGTH; length -= 1) {
    const start = key.slice(0, length);
    if (met.has(start) || isKnown(start)) return true;
  }
  for (const one of met)
    if (one.includes(key) || (one.length > 8 && key.includes(one))) return true;
  return false;
}

function* chunksOf(file: string): Generator<{ readonly text: string; readonly offset: number }> {
  const buffer = Buffer.alloc(CHUNK_BYTES + MOST_KEY_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    for (let offset = 0; ; offset += CHUNK_BYTES) {
      const read = readSync(descriptor, buffer, 0, buffer.length, offset);
      if (read === 0) return;
      yield { text: buffer.toString('latin1', 0, read), offset };
      if (read <= CHUNK_BYTES) return;
    }
  } finally {
    closeSync(descriptor);
  }
}
