import { TapeError } from './errors.ts';
import { foreignDraft } from './har-import-foreign.ts';
import { isOwnEntry, ownDraft } from './har-import-own.ts';
import { withMessages } from './har-messages-import.ts';
import type { HarCall } from './har-messages-import.ts';
import { HarNode } from './har-node.ts';
import { nockDrafts } from './nock-import.ts';

/** The calls that a file of another tool holds. */
export interface ImportedCalls {
  readonly format: 'har' | 'nock';
  readonly drafts: HarCall[];
  /** What was left out, such as `data: URL`, and how often. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/**
 * The calls in the text of a HAR file, or of a file of nock's recorder, which is an array. A HAR
 * entry that calltape wrote comes back exactly as it was. Entries of browsers and other tools are
 * read as generously as they are written, see `foreignDraft`; those that are not HTTP calls
 * (`data:`, `blob:`, `chrome-extension:`) are left out and counted.
 *
 * @param file - The file's name, for error messages.
 * @param now - When calls were that have no time, milliseconds since the Unix epoch.
 * @throws TapeError HAR_INVALID or NOCK_INVALID naming the file, the JSON Pointer of the place, and
 *   the fix.
 */
export function importCalls(text: string, file: string, now: number = Date.now()): ImportedCalls {
  const value = parseJson(text, file);
  if (Array.isArray(value)) {
    const drafts = nockDrafts(new HarNode({ file, format: 'nock JSON' }, value), now);
    return { format: 'nock', drafts, leftOut: new Map() };
  }
  return harCalls(new HarNode({ file, format: 'HAR' }, value));
}

/** As `importCalls`, the calls alone. */
export function parseHar(text: string, file: string): HarCall[] {
  return importCalls(text, file).drafts;
}

function harCalls(root: HarNode): ImportedCalls {
  const entries = root.object().get('log').object().get('entries');
  if (entries.absent) entries.fail('is missing', 'Export the file again as HAR 1.2');
  const drafts: HarCall[] = [];
  const leftOut = new Map<string, number>();
  for (const entry of entries.items()) {
    const draft = isOwnEntry(entry.object()) ? ownDraft(entry) : foreignDraft(entry);
    if (draft === null) {
      const what = `${schemeOf(entry)} URL`;
      leftOut.set(what, (leftOut.get(what) ?? 0) + 1);
    } else drafts.push(withMessages(draft, entry));
  }
  return { format: 'har', drafts, leftOut };
}

function schemeOf(entry: HarNode): string {
  return /^[^:]*:/.exec(entry.get('request').get('url').text() ?? '')?.[0].toLowerCase() ?? '';
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TapeError(
      'HAR_INVALID',
      `Failed to read HAR "${where}": the top level is not JSON (${reason}). Export the file again as HAR 1.2; it may have been cut short.`,
      { cause: error },
    );
  }
}
