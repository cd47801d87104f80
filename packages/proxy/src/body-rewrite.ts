import { charsetOf, contentCodings, mediaType, toLines } from '@calltape/store';
import type { FlatHeaders } from '@calltape/store';
import { Transform } from 'node:stream';
import { stagesFor } from './body-coding.ts';
import type { CodedStages } from './body-coding.ts';
import { BodySink } from './body-sink.ts';
import type { ClientEnd } from './body-sink.ts';
import type { TextShift } from './body-urls.ts';
import { removeNamed } from './head-scan.ts';

const TEXT =
  /^(?:text\/|application\/(?:json|xml|javascript|ecmascript|x-javascript|graphql|yaml|x-yaml|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|json-seq|x-mpegurl|vnd\.apple\.mpegurl)$)|[+/](?:json|xml|yaml)$/;
/** Charsets in which bytes below 128 are ASCII and nothing else that could be taken for a URL. */
const ASCII_BASED =
  /^(?:utf-?8|(?:us-)?ascii|iso-?8859-?\d+|latin-?\d+|windows-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr|tw)|macintosh)$/;

/**
 * What depends on the length or the bytes of the content and so does not hold for other bytes
 * (RFC 9110 section 8.6, RFC 9530 section 4).
 */
const OF_THE_BYTES = ['content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest'];

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

function isAsciiText(type: string, charset: string | null): boolean {
  return TEXT.test(type) && ASCII_BASED.test(charset ?? 'utf-8');
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
