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
