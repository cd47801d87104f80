/**
 * A way in which text holds a URL. All forms are ASCII, so that they can be looked for in the bytes of
 * any charset that keeps ASCII as it is.
 */
export interface UrlForm {
  /** The URL as it stands in the text. */
  write(url: string): string;
  /** Pattern of what cannot follow a host, because it would be a part of it. */
  readonly hostGoesOn: string;
  /** The same for the last segment of a path. */
  readonly segmentGoesOn: string;
}

/** A full stop or a colon may as well end the sentence that the URL stands in. */
const HOST_GOES_ON = String.raw`[\w@~\x80-\xff-]|[.:][\w@%]|%[\da-fA-F]{2}`;
const SEGMENT_GOES_ON = String.raw`[\w~-]|[.:@]\w|%[\da-fA-F]{2}`;

function plain(slash: string): UrlForm {
  return {
    write: (url) => url.replaceAll('/', slash),
    hostGoesOn: HOST_GOES_ON,
    segmentGoesOn: SEGMENT_GOES_ON,
  };
}

function percentEncoded(times: number): UrlForm {
  const mark = `%${'25'.repeat(times - 1)}`;
  const encode = (url: string): string => {
    let text = url;
    for (let done = 0; done < times; done += 1) text = encodeURIComponent(text);
    return text;
  };
  return {
    write: encode,
    hostGoesOn: String.raw`[\w@~-]|[.:][\w@]|${mark}(?:40|3[aA]\w|2[dDeE]|5[fF]|7[eE])`,
    segmentGoesOn: String.raw`[\w~-]|[.:@]\w|${mark}(?:25|2[dD]|5[fF]|7[eE])`,
  };
}

/** The longest of what the patterns above have to see. */
export const GOES_ON_LENGTH: number = '%253a0'.length;

/** What a piece may end with while it is open whether a host or a segment goes on. */
export const MAY_GO_ON: RegExp = /^(?:|[.:@]|%[\da-f]*)$/i;

/** To add a form, add it here. */
export const URL_FORMS: readonly UrlForm[] = [
  plain('/'),
  // JSON may escape slashes (RFC 8259 section 7); JSON within a string of JSON escapes that again.
  plain(String.raw`\/`),
  plain(String.raw`\\\/`),
  // In the query of another URL, and in the query of one that is itself in a query.
  percentEncoded(1),
  percentEncoded(2),
];
