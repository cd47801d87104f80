import { optional, withDefault, yesNo, type FlagTable } from '../flag.ts';
import { anyText, FILE, PORT, SIZE } from '../value-kinds.ts';

/** What every command that records takes, however the calls come in. */
export interface RecorderFlags {
  readonly port: number;
  readonly host: string;
  readonly recording: string | undefined;
  readonly 'body-limit': number;
  readonly 'no-redact': boolean;
  readonly ca: string | undefined;
}

export const RECORDER_FLAGS: FlagTable<RecorderFlags> = {
  port: withDefault(PORT, '4880', 'where to listen; 0 picks a free port'),
  host: withDefault(anyText('ADDRESS'), '127.0.0.1', 'the address to listen on'),
  recording: optional(anyText('NAME'), 'what to call this recording on the tape'),
  'body-limit': withDefault(SIZE, '10mb', 'keep at most this much of each body on the tape'),
  'no-redact': yesNo('keep secrets as they are; by default placeholders stand for them'),
  ca: optional(FILE, 'further certificates (PEM) to trust at the target'),
};
