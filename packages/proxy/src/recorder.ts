import type { TapeWriter } from '@calltape/store';
import { HeldBytes } from './held-bytes.ts';
import type { Settings } from './options.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** What all calls of one proxy share. */
export class Recorder {
  readonly settings: Settings;
  readonly writer: TapeWriter;
  readonly client: UpstreamClient;
  /** What the bodies of calls under way take of the memory. */
  readonly held: HeldBytes;
  /** Calls that have begun and not ended. */
  inFlight = 0;
  /** The proxy closes; calls in flight may still end. */
  closing = false;
  /** The proxy closes and cuts the calls that are still open. */
  stopping = false;

  constructor(settings: Settings, client: UpstreamClient) {
    this.settings = settings;
    this.writer = settings.writer;
    this.client = client;
    this.held = new HeldBytes(settings.writer);
  }
}
