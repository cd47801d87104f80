export type TapeErrorCode =
  | 'TAPE_NOT_FOUND'
  | 'TAPE_NOT_A_TAPE'
  | 'TAPE_NEWER'
  | 'TAPE_DAMAGED'
  | 'TAPE_UNWRITABLE'
  | 'TAPE_UNREADABLE'
  | 'TAPE_BUSY'
  | 'SQLITE_TOO_OLD'
  | 'HAR_INVALID'
  | 'NOCK_INVALID'
  | 'REDACT_RULE_INVALID'
  | 'FILTER_INVALID'
  | 'KEY_EXPOSED'
  | 'KEY_DAMAGED'
  | 'KEY_UNAVAILABLE';

/** Something about a tape, or about text meant for one, that the user has to put right. */
export class TapeError extends Error {
  override readonly name = 'TapeError';
  readonly code: TapeErrorCode;

  constructor(code: TapeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
