import { fieldValue } from './flat-headers.ts';
import type { VisitRequest } from './visit.ts';

/** What reading a request body came to. */
export type BodyRead =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'left' };

const NO_BYTES = new Uint8Array(0);

function announcesMore({ rawHeaders }: VisitRequest, maxBytes: number): boolean {
  return Number(fieldValue(rawHeaders, 'content-length') ?? 0) > maxBytes;
}

/**
 * Reads a request's content into memory and calls back once, at once where there is none. Content
 * over `maxBytes` is thrown away as it comes.
 */
export function readBody(
  request: VisitRequest,
  maxBytes: number,
  done: (read: BodyRead) => void,
): void {
  // True from the start for requests without content, under the server's `optimizeEmptyRequests`.
  if (request.readableEnded === true) {
    done({ kind: 'whole', bytes: NO_BYTES });
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  let open = true;
  const finish = (read: BodyRead): void => {
    if (!open) return;
    open = false;
    pieces.length = 0;
    done(read);
  };
  request.on('error', () => finish({ kind: 'left' }));
  request.on('close', () => finish({ kind: 'left' }));
  request.on('end', () => finish({ kind: 'whole', bytes: Buffer.concat(pieces, size) }));
  if (announcesMore(request, maxBytes)) finish({ kind: 'too-large' });
  request.on('data', (piece: Buffer) => {
    if (!open) return;
    size += piece.length;
    if (size > maxBytes) finish({ kind: 'too-large' });
    else pieces.push(piece);
  });
}
