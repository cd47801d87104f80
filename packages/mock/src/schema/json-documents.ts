import { jsonTree } from './json-tree.ts';
import type { JsonNode } from './json-tree.ts';

const LINES = /^application\/(?:x-ndjson|jsonl|x-jsonlines|json-seq)\b/;
const EVENT_DATA = /^data: ?(?=[[{])/gm;
const LINE_START = /^(?=[ \t]*[[{])/gm;

function* treesAfter(text: string, marks: RegExp): Generator<JsonNode> {
  for (const mark of text.matchAll(marks)) {
    const start = mark.index + mark[0].length;
    const end = /[\r\n]|$/g;
    end.lastIndex = start;
    const tree = jsonTree(text, start, end.exec(text)?.index ?? text.length);
    if (tree !== undefined) yield tree;
  }
}

/**
 * The JSON texts of some content: one for JSON, by its looks as many servers mislabel it; one for
 * each event of an event stream whose data is a line of JSON; one for each line of JSON lines.
 */
export function jsonDocuments(text: string, mediaType: string): JsonNode[] {
  const type = mediaType.trim().toLowerCase();
  if (type.startsWith('text/event-stream')) return [...treesAfter(text, EVENT_DATA)];
  if (LINES.test(type)) return [...treesAfter(text, LINE_START)];
  const tree = /^\s*[[{]/.test(text) ? jsonTree(text) : undefined;
  return tree === undefined ? [] : [tree];
}
