const TEXT =
  /^(?:text\/|application\/(?:json|xml|javascript|ecmascript|x-javascript|graphql|yaml|x-yaml|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|json-seq|x-mpegurl|vnd\.apple\.mpegurl)$)|[+/](?:json|xml|yaml)$/;
/** Charsets in which bytes below 128 are ASCII and nothing else that could be taken for a URL. */
const ASCII_BASED =
  /^(?:utf-?8|(?:us-)?ascii|iso-?8859-?\d+|latin-?\d+|windows-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr|tw)|macintosh)$/;

/**
 * What depends on the length or the bytes of the content and so does not hold for other bytes
 * (RFC 9110 section 8.6, RFC 9530 section 4).
 */
export const OF_THE_BYTES: readonly string[] = [
  'content-length',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
];

/**
 * Whether content of this type can be searched and changed as ASCII, a character a byte, without a look
 * at what its other bytes mean.
 *
 * @param charset - As the content type names it; null where it names none.
 */
export function isAsciiText(type: string, charset: string | null): boolean {
  return TEXT.test(type) && ASCII_BASED.test(charset ?? 'utf-8');
}
