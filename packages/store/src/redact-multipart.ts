/** Replaces the secrets in one part. */
export type RedactPart = (name: string, type: string, content: string) => string;

/** The boundary that a `content-type` names (RFC 2046 section 5.1.1). */
export function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/** Changes the contents of the parts of a multipart body (RFC 7578); heads and boundaries stay. */
export function redactMultipart(body: string, boundary: string, redactPart: RedactPart): string {
  return body
    .split(`--${boundary}`)
    .map((part) => {
      const gap = /\r?\n\r?\n/.exec(part);
      if (gap === null) return part;
      const start = gap.index + gap[0].length;
      const head = part.slice(0, gap.index);
      // The line end in front of the next boundary belongs to it.
      const end = part.length - (/\r?\n$/.exec(part.slice(-2))?.[0].length ?? 0);
      if (end <= start) return part;
      const [, name = ''] = /;\s*name="?([^";\r\n]{1,200})/i.exec(head) ?? [];
      const [, type = ''] = /^content-type:\s*([^;\r\n]{1,200})/im.exec(head) ?? [];
      const content = redactPart(name, type.trim().toLowerCase(), part.slice(start, end));
      return part.slice(0, start) + content + part.slice(end);
    })
    .join(`--${boundary}`);
}
