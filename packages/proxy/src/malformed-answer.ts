/**
 * The upstream's answer is not HTTP/1.1 as RFC 9112 has it, so where it ends is a matter of opinion.
 * The message goes into a sentence: "it has ...".
 */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}
