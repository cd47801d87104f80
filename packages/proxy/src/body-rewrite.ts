import {
  OF_THE_BYTES,
  charsetOf,
  contentCodings,
  isAsciiText,
  mediaType,
  toLines,
} from '@calltape/store';
import type { FlatHeaders, TextShift } from '@calltape/store';
import { Transform } from 'node:stream';
import { stagesFor } from './body-coding.ts';
import type { CodedStages } from './body-coding.ts';
import { BodySink } from './body-sink.ts';
import type { ClientEnd } from './body-sink.ts';
import { removeNamed } from './head-scan.ts';

interface Answered {
  readonly status: number;
  /** As they came from the upstream. */
  readonly headers: FlatHeaders;
  /** Transfer codings; empty for none. */
  readonly codings: string;
}

/** How the body of one answer is changed on its way to the client. */
export interface BodyRewrite {
  /** Takes out of the head, in place, what is not true of the changed body. */
  adjust(fields: string[]): void;
  /** Where the upstream's content is to be written to; it ends the response. */
  open(response: ClientEnd): BodySink;
}

function changeOf(shift: TextShift): Transform {
  return new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      done(null, Buffer.from(shift.push(piece.toString('latin1')), 'latin1'));
    },
    flush: (done) => done(null, Buffer.from(shift.end(), 'latin1')),
  });
}

/** Parts of a whole have their place in it by the byte, so they stay as they are. */
function isWholeText({ status, codings, headers }: Answered): boolean {
  if (status === 206 || !/^(?:chunked)?$/i.test(codings.trim())) return false;
  const lines = toLines(headers);
  const type = mediaType(lines);
  // A 304 names no type, but the length of the whole that it stands for (RFC 9110 section 8.6).
  return (status === 304 && type === '') || isAsciiText(type, charsetOf(lines));
}

/** @returns null for an answer whose body goes on as it is. */
export function bodyRewriteOf(
  shift: (() => TextShift) | null,
  answered: Answered,
): BodyRewrite | null {
  if (shift === null || !isWholeText(answered)) return null;
  const stages = stagesFor(contentCodings(toLines(answered.headers)));
  return stages === null ? null : rewrite(shift, stages);
}

function rewrite(shift: () => TextShift, stages: CodedStages): BodyRewrite {
  return {
    adjust: (fields) => removeNamed(fields, OF_THE_BYTES),
    open: (response) => new BodySink(response, (first) => stages(changeOf(shift()), first)),
  };
}
