export type MockErrorCode =
  | 'TAPE_EMPTY'
  | 'ROUTE_INVALID'
  | 'SOURCE_INVALID'
  | 'SOURCE_UNKNOWN'
  | 'WIREMOCK_INVALID'
  | 'OPENAPI_INVALID'
  | 'PORT_TAKEN'
  | 'PORT_FORBIDDEN'
  | 'PORT_INVALID'
  | 'HOST_INVALID'
  | 'LISTEN_FAILED'
  | 'WORKERS_REFUSED'
  | 'FAULT_INVALID'
  | 'LATENCY_INVALID'
  | 'MATCH_INVALID'
  | 'IGNORE_INVALID'
  | 'RULES_INVALID'
  | 'WEBHOOK_CUT'
  | 'WEBHOOK_SECRET_MISSING'
  | 'WEBHOOK_SECRET_INVALID'
  | 'WEBHOOK_TARGET_INVALID'
  | 'CALLS_INVALID'
  | 'CALLS_FORGOTTEN'
  | 'CALLS_MISSED'
  | 'RECORDINGS_UNUSED'
  | 'NOCK_OFF'
  | 'NOCK_NO_HOST'
  | 'NOCK_CANNOT_SHOW'
  | 'MOCK_STOPPED';

/** Something about a mock's options or surroundings that the user has to put right. */
export class MockError extends Error {
  override readonly name = 'MockError';
  readonly code: MockErrorCode;

  constructor(code: MockErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
