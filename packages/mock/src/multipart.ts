function boundaryOf(contentType: string): string | undefined {
  const parts = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  return parts?.[1] ?? parts?.[2];
}

/**
 * The parts of a multipart body (RFC 2046 section 5.1.1) as latin-1 text, preamble and epilogue
 * included. The boundary, which clients draw anew for each request, is gone. Undefined when the
 * content type names no boundary or the body does not use it.
 */
export function multipartParts(bytes: Uint8Array, contentType: string): string[] | undefined {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  const parts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .split(`--${boundary}`);
  return parts.length > 1 ? parts : undefined;
}

/** A field of a form that was sent as a part: its name, and what the part's own head leaves. */
export interface PartField {
  readonly name: string;
  readonly head: string;
  readonly value: string;
}

/** The field that a part stands for (RFC 7578 section 4.2); undefined for a file and anything else. */
export function partField(part: string): PartField | undefined {
  const end = part.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = part.slice(0, end);
  const name = /^content-disposition:\s*form-data\b.*?;\s*name="([^"]*)"/im.exec(head)?.[1];
  if (name === undefined || /;\s*filename\*?=/i.test(head)) return undefined;
  return { name, head, value: part.slice(end + 4).replace(/\r\n$/, '') };
}
