import type { SourceNode } from '../source-node.ts';
import { splitUrl } from '../target.ts';

/** Where an API is. */
export interface Server {
  /** Null where the description names none. */
  readonly origin: string | null;
  readonly host: string | null;
  /** Without a slash at its end. */
  readonly basePath: string;
  /** Whether it is only for clients that call the mock itself, not through it. */
  readonly onlyDirect: boolean;
}

const NOWHERE: Server = { origin: null, host: null, basePath: '', onlyDirect: false };

/** The URL with the defaults of its variables. */
function urlOf(node: SourceNode): string {
  const url = node.get('url').text() ?? node.get('url').fail('is missing', 'Write a URL');
  return url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    return node.get('variables').get(name).get('default').anyText() ?? whole;
  });
}

function serverOf(node: SourceNode): Server {
  const url = urlOf(node);
  const split = splitUrl(url);
  const path = (split?.target ?? url).replace(/[?#].*$/, '').replace(/\/+$/, '');
  const basePath = path === '' || path.startsWith('/') ? path : `/${path}`;
  if (split === undefined) return { ...NOWHERE, basePath };
  return { origin: split.origin, host: split.host, basePath, onlyDirect: false };
}

/** The servers of the first of these nodes that names some. */
export function serversOf(nodes: readonly SourceNode[]): readonly Server[] {
  const lists = nodes.map((node) => node.get('servers').items());
  const servers = lists.find((list) => list.length > 0)?.map(serverOf);
  return servers ?? [NOWHERE];
}
