// The columns of a call's row besides its id.

/** What every call has, or nearly every one. */
export const USUAL_COLUMNS: readonly string[] = [
  'recording_id',
  'endpoint_id',
  'started_at',
  'outcome',
  'url',
  'http_version',
  'request_headers',
  'request_body_id',
  'request_bytes',
  'status',
  'status_text',
  'response_http_version',
  'response_headers',
  'response_body_id',
  'response_bytes',
  'duration_ms',
  'ttfb_ms',
  'blocked_ms',
  'send_ms',
  'wait_ms',
  'receive_ms',
  'peer_address',
  'retries',
  'dropped',
];

/** What is NULL for most calls; a row without them costs a fifth less. */
export const RARE_COLUMNS: readonly string[] = [
  'request_trailers',
  'response_trailers',
  'response_interim',
  'response_chunks',
  'error_type',
  'error_message',
  'dns_ms',
  'connect_ms',
  'ssl_ms',
  'fault',
];
