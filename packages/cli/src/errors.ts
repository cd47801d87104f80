export type CliErrorCode =
  | 'COMMAND_MISSING'
  | 'COMMAND_UNKNOWN'
  | 'FLAG_UNKNOWN'
  | 'FLAG_VALUE'
  | 'ARGUMENT_MISSING'
  | 'ARGUMENT_UNEXPECTED'
  | 'ARGUMENT_INVALID'
  | 'TARGET_INVALID'
  | 'FILE_NOT_FOUND'
  | 'FILE_EXISTS'
  | 'FILE_INVALID'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'PROGRAM_NOT_FOUND'
  | 'PROGRAM_NOT_EXECUTABLE'
  | 'CALL_NOT_FOUND'
  | 'SECRET_INVALID'
  | 'RECORDING_UNKNOWN'
  | 'CONTROL_NOT_FOUND'
  | 'CONTROL_REFUSED'
  | 'PORT_TAKEN'
  | 'PORT_FORBIDDEN'
  | 'HOST_INVALID'
  | 'TAPE_IDLE'
  | 'INTERRUPTED';

/** Something in the command line, or in what it names, that the user has to put right. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
