import { rewriteJson } from '@calltape/store';
import type { JsonChange, TextEdit } from '@calltape/store';

const EVENT_DATA = /^data:[ ]?([{["].*)$/gm;

function editsIn(text: string, change: JsonChange): TextEdit[] {
  const edits: TextEdit[] = [];
  rewriteJson(text, (raw, isString, place) => {
    const changed = change(raw, isString, place);
    if (changed !== raw) edits.push({ from: place.at, to: place.at + raw.length, text: changed });
    return raw;
  });
  return edits;
}

export function isJson(type: string, text: string): boolean {
  return type.includes('json') || (!type.includes('html') && /^\s*[[{]/.test(text));
}

/**
 * The changes of values in a text that is JSON, several in a row, or the data of an event stream;
 * none in any other.
 */
export function jsonEdits(text: string, type: string, change: JsonChange): TextEdit[] {
  if (type !== 'text/event-stream') return isJson(type, text) ? editsIn(text, change) : [];
  return Array.from(text.matchAll(EVENT_DATA)).flatMap(({ 0: line, 1: data = '', index }) => {
    const from = index + line.length - data.length;
    return editsIn(data, change).map((edit) => {
      return { ...edit, from: edit.from + from, to: edit.to + from };
    });
  });
}
