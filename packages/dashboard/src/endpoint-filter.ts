import type { Endpoint } from '@calltape/store';

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A filter for the calls of one endpoint, within what was filtered already. */
export function endpointFilter({ method, origin, template }: Endpoint, filter: string): string {
  const endpoint = `ep=${quoted(`${method} ${origin}${template}`)}`;
  return filter.trim() === '' ? endpoint : `(${filter}) ${endpoint}`;
}
