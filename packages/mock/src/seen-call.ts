import { bodyText, decodeBody, toLines } from '@calltape/store';
import type { Call } from './call.ts';
import { fieldValue } from './flat-headers.ts';
import { headOf } from './plan-parts.ts';
import type { Answer } from './answer.ts';

/** A call that a mock was asked, and what it answered. */
export interface SeenCall {
  readonly method: string;
  /** The URL that the client meant: of the recorded API where a recording answers. */
  readonly url: string;
  /** By name in lower case; the values of a name that came several times are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The content as it came. */
  readonly body: Uint8Array;
  /** The content as text, decompressed; null when it is none. */
  readonly text: string | null;
  /** The text as JSON; undefined when it is none. */
  readonly json: unknown;
  /** Null where no answer was planned, as when the connection was to be reset. */
  readonly status: number | null;
  /** The recording that was played, or that a fault stood in for; null for a miss. */
  readonly recording: { readonly tape: string; readonly id: number } | null;
  /** The fault rules that altered the answer. */
  readonly faults: readonly string[];
}

function textOf({ headers, body }: Call): string | null {
  const lines = toLines(headers);
  const content = { bytes: body, size: body.length };
  return bodyText(decodeBody(content, lines), lines);
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function fieldsOf({ headers }: Call): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of toLines(headers)) {
    const lower = name.toLowerCase();
    fields[lower] = fields[lower] === undefined ? value : `${fields[lower]}, ${value}`;
  }
  return fields;
}

function urlOf(call: Call, { recording }: Answer): string {
  const host = fieldValue(call.headers, 'host') ?? 'localhost';
  const origin = call.proxiedOrigin ?? recording?.origin ?? call.ownOrigin ?? `http://${host}`;
  return origin + call.target;
}

export function seenCall(call: Call, answer: Answer): SeenCall {
  const { plan, recording, faults } = answer;
  const text = textOf(call);
  return {
    method: call.method,
    url: urlOf(call, answer),
    headers: fieldsOf(call),
    body: call.body,
    text,
    json: jsonOf(text),
    status: headOf(plan)?.status ?? null,
    recording: recording === null ? null : { tape: recording.tape, id: recording.id },
    faults: faults.map((rule) => rule.text),
  };
}
