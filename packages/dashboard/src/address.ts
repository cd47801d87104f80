import { cellWidth, truncateMiddle, truncateStart } from './cells.ts';
import { join, type Safe } from './safe.ts';

/**
 * A host and a path in at most `width` cells. The path tells more, and of the host its end: the
 * domain, or the port.
 */
export function shortAddress(host: Safe, path: Safe, width: number, more: Safe): Safe {
  const spare = width - cellWidth(path);
  if (spare === 0) return path;
  if (spare < 0) return truncateMiddle(path, width, more);
  return truncateStart(join([host, path]), width, more);
}
