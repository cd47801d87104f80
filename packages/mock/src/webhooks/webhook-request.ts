import type { HeaderLine } from '@calltape/store';

/** All that a signature can be made of. */
export interface WebhookRequest {
  readonly method: string;
  /** The URL that the app believes to be called at; some providers sign it. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}
