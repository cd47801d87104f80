import { TapeError } from './errors.ts';
import { foreignDraft } from './har-import-foreign.ts';
import { isOwnEntry, ownDraft } from './har-import-own.ts';
import { withMessages } from './har-messages-import.ts';
import type { HarCall } from './har-messages-import.ts';
import { HarNode } from './har-node.ts';

/**
 * The calls in the text of a HAR file. An entry that calltape wrote comes back exactly as it was.
 * Entries of browsers and other tools are read as generously as they are written, see
 * `foreignDraft`; those that are not HTTP calls (`data:`, `blob:`, `chrome-extension:`) are left
 * out.
 *
 * @param where - The file's name, for error messages.
 * @throws TapeError HAR_INVALID naming the file, the JSON Pointer of the place, and the fix.
 */
export function parseHar(text: string, where: string): HarCall[] {
  const root = new HarNode(where, parseJson(text, where));
  const entries = root.object().get('log').object().get('entries');
  if (entries.absent) entries.fail('is missing', 'Export the file again as HAR 1.2');
  return entries.items().flatMap((entry) => {
    const draft = isOwnEntry(entry.object()) ? ownDraft(entry) : foreignDraft(entry);
    return draft === null ? [] : [withMessages(draft, entry)];
  });
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
