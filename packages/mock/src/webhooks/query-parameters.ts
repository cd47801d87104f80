/** The value of the first parameter of a name in a URL's query, decoded; undefined without one. */
export function parameter(url: string, name: string): string | undefined {
  return new URLSearchParams(queryOf(url)).get(name) ?? undefined;
}

/** The names of a URL's parameters, decoded. */
export function parameterNames(url: string): string[] {
  return [...new URLSearchParams(queryOf(url)).keys()];
}

/** A URL in which a parameter has another value; all other characters stay, as they may be signed. */
export function withParameter(url: string, name: string, value: string): string {
  const query = queryOf(url);
  const text = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  if (query === '') return `${url.replace(/\?$/, '')}?${text}`;
  const parts = query.split('&');
  const at = parts.findIndex((part) => new URLSearchParams(part).has(name));
  const changed = at === -1 ? [...parts, text] : parts.with(at, text);
  return `${url.slice(0, url.indexOf('?'))}?${changed.join('&')}`;
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}
