import type { HarNode } from './har-node.ts';
import { header, toLines } from './headers.ts';

interface Param {
  readonly name: string;
  readonly value: string;
  readonly fileName: string | null;
  readonly contentType: string | null;
}

/**
 * The body that `postData.params` stand for: multipart (RFC 7578) where the media type names a
 * boundary, else URL-encoded. Null without params.
 */
export function formBytes(postData: HarNode, headers: readonly string[]): Buffer | null {
  const params = postData.get('params').items().map(readParam);
  if (params.length === 0) return null;
  const type = header(toLines(headers), 'content-type') ?? postData.get('mimeType').text() ?? '';
  const [, boundary] = /^multipart\/.*;\s*boundary="?([^";]+)/i.exec(type) ?? [];
  if (boundary !== undefined) return Buffer.from(multipart(params, boundary));
  const pairs = params.map(({ name, value }): [string, string] => [name, value]);
  return Buffer.from(new URLSearchParams(pairs).toString());
}

function readParam(node: HarNode): Param {
  return {
    name: node.get('name').text() ?? '',
    value: node.get('value').text() ?? '',
    fileName: node.get('fileName').text(),
    contentType: node.get('contentType').text(),
  };
}

function multipart(params: readonly Param[], boundary: string): string {
  const parts = params.map(({ name, value, fileName, contentType }) => {
    const file = fileName === null ? '' : `; filename="${quoted(fileName)}"`;
    const type = contentType === null ? '' : `Content-Type: ${quoted(contentType)}\r\n`;
    const disposition = `Content-Disposition: form-data; name="${quoted(name)}"${file}\r\n`;
    return `--${boundary}\r\n${disposition}${type}\r\n${value}\r\n`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** Escapes as the HTML standard has it for form data: a quote or line end would end the header. */
function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
