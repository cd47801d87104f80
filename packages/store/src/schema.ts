/** `application_id` of a tape: the letters `ctap`. */
export const APPLICATION_ID = 0x63746170;

/**
 * Forward migrations, oldest first. A tape's `user_version` is the number of them it has been
 * through. To change the schema, append one; never edit one that has been released.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE recording (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('proxy', 'mock', 'har', 'nock')),
    upstream TEXT,
    listen TEXT,
    pid INTEGER,
    machine TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    lost_calls INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE endpoint (
    id INTEGER PRIMARY KEY,
    method TEXT NOT NULL,
    origin TEXT NOT NULL,
    template TEXT NOT NULL,
    UNIQUE (method, origin, template)
  ) STRICT;

  CREATE TABLE body (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE exchange (
    id INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL REFERENCES recording (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    started_at INTEGER NOT NULL,
    outcome TEXT NOT NULL
      CHECK (outcome IN ('complete', 'aborted', 'truncated', 'error', 'interrupted', 'pending')),
    url TEXT NOT NULL,
    http_version TEXT NOT NULL,
    request_headers TEXT NOT NULL,
    request_trailers TEXT,
    request_body_id INTEGER REFERENCES body (id),
    request_bytes INTEGER NOT NULL DEFAULT 0,
    status INTEGER,
    status_text TEXT,
    response_http_version TEXT,
    response_headers TEXT,
    response_trailers TEXT,
    response_interim TEXT,
    response_chunks TEXT,
    response_body_id INTEGER REFERENCES body (id),
    response_bytes INTEGER,
    error_type TEXT,
    error_message TEXT,
    duration_ms REAL,
    ttfb_ms REAL,
    blocked_ms REAL,
    dns_ms REAL,
    connect_ms REAL,
    ssl_ms REAL,
    send_ms REAL,
    wait_ms REAL,
    receive_ms REAL,
    peer_address TEXT,
    fault TEXT
  ) STRICT;

  CREATE INDEX exchange_pending ON exchange (recording_id) WHERE outcome = 'pending';

  CREATE TABLE amendment (
    seq INTEGER PRIMARY KEY,
    exchange_id INTEGER NOT NULL
  ) STRICT;

  CREATE VIEW calls AS
    SELECT
      exchange.id AS id,
      recording.name AS recording,
      strftime('%Y-%m-%dT%H:%M:%S', exchange.started_at / 1000, 'unixepoch')
        || printf('.%03dZ', exchange.started_at % 1000) AS started_at,
      endpoint.method AS method,
      exchange.url AS url,
      substr(endpoint.origin, instr(endpoint.origin, '://') + 3) AS host,
      endpoint.template AS endpoint,
      exchange.status AS status,
      exchange.status_text AS status_text,
      exchange.outcome AS outcome,
      exchange.error_type AS error_type,
      exchange.duration_ms AS duration_ms,
      exchange.ttfb_ms AS ttfb_ms,
      exchange.request_bytes AS request_bytes,
      exchange.response_bytes AS response_bytes,
      recording.source AS source
    FROM exchange
    JOIN recording ON recording.id = exchange.recording_id
    JOIN endpoint ON endpoint.id = exchange.endpoint_id;

  CREATE VIEW endpoints AS
    SELECT
      method,
      origin,
      template,
      count(*) AS calls,
      sum(outcome IN ('error', 'truncated', 'interrupted') OR coalesce(status, 0) >= 500) AS errors,
      strftime('%Y-%m-%dT%H:%M:%S', min(started_at) / 1000, 'unixepoch')
        || printf('.%03dZ', min(started_at) % 1000) AS first_seen,
      strftime('%Y-%m-%dT%H:%M:%S', max(started_at) / 1000, 'unixepoch')
        || printf('.%03dZ', max(started_at) % 1000) AS last_seen
    FROM exchange
    JOIN endpoint ON endpoint.id = exchange.endpoint_id
    GROUP BY endpoint.id;
  `,
  'ALTER TABLE exchange ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;',
  `
  ALTER TABLE recording ADD COLUMN dropped_bodies INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE exchange ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;

  CREATE INDEX exchange_started ON exchange (started_at);
  CREATE INDEX exchange_request_body ON exchange (request_body_id)
    WHERE request_body_id IS NOT NULL;
  CREATE INDEX exchange_response_body ON exchange (response_body_id)
    WHERE response_body_id IS NOT NULL;
  CREATE INDEX amendment_exchange ON amendment (exchange_id);

  CREATE TABLE high_water (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    exchange_id INTEGER NOT NULL,
    amendment_seq INTEGER NOT NULL
  ) STRICT;
  INSERT INTO high_water VALUES (1, 0, 0);
  `,
  `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    exchange_id INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
    at_ms REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'binary', 'ping', 'pong', 'close', 'other')),
    size INTEGER NOT NULL,
    wire_size INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    truncated INTEGER NOT NULL DEFAULT 0,
    deflated INTEGER NOT NULL DEFAULT 0,
    problem TEXT
  ) STRICT;

  CREATE INDEX message_exchange ON message (exchange_id);

  CREATE TABLE websocket (
    exchange_id INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    sent INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    received INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    dropped INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- The user's own redaction rules as a JSON list; NULL where nothing was redacted.
  ALTER TABLE recording ADD COLUMN redaction TEXT;

  -- Length of the content as it is stored, where it was compressed anew; else NULL.
  ALTER TABLE body ADD COLUMN stored_size INTEGER;
  -- Why there is less than came, where it is not for the body limit.
  ALTER TABLE body ADD COLUMN omitted TEXT;

  CREATE TABLE placeholder (digest INTEGER PRIMARY KEY) STRICT;
  `,
  // The command line whose calls a recording holds.
  `ALTER TABLE recording ADD COLUMN command TEXT;`,
  `
  -- Header lines that more than one call has; uses counts their places in the cells of exchange.
  CREATE TABLE header_line (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    uses INTEGER NOT NULL
  ) STRICT;
  ALTER TABLE high_water ADD COLUMN header_line_id INTEGER NOT NULL DEFAULT 0;

  -- What follows body.bytes where a body is kept in several rows; the id is 16 * body.id + 1, 2, ...
  CREATE TABLE body_piece (
    id INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE TRIGGER body_pieces AFTER DELETE ON body BEGIN
    DELETE FROM body_piece WHERE id BETWEEN old.id * 16 AND old.id * 16 + 15;
  END;
  `,
  `
  -- Without the list of sources in a CHECK, which no statement can change (https://sqlite.org/lang_altertable.html#otheralter).
  DROP VIEW calls;
  CREATE TABLE new_recording (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    upstream TEXT,
    listen TEXT,
    pid INTEGER,
    machine TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    lost_calls INTEGER NOT NULL DEFAULT 0,
    dropped_bodies INTEGER NOT NULL DEFAULT 0,
    redaction TEXT,
    command TEXT
  ) STRICT;
  INSERT INTO new_recording
    SELECT id, name, source, upstream, listen, pid, machine, started_at, ended_at, lost_calls,
      dropped_bodies, redaction, command
    FROM recording;
  DROP TABLE recording;
  ALTER TABLE new_recording RENAME TO recording;

  CREATE VIEW calls AS
    SELECT
      exchange.id AS id,
      recording.name AS recording,
      strftime('%Y-%m-%dT%H:%M:%S', exchange.started_at / 1000, 'unixepoch')
        || printf('.%03dZ', exchange.started_at % 1000) AS started_at,
      endpoint.method AS method,
      exchange.url AS url,
      substr(endpoint.origin, instr(endpoint.origin, '://') + 3) AS host,
      endpoint.template AS endpoint,
      exchange.status AS status,
      exchange.status_text AS status_text,
      exchange.outcome AS outcome,
      exchange.error_type AS error_type,
      exchange.duration_ms AS duration_ms,
      exchange.ttfb_ms AS ttfb_ms,
      exchange.request_bytes AS request_bytes,
      exchange.response_bytes AS response_bytes,
      recording.source AS source
    FROM exchange
    JOIN recording ON recording.id = exchange.recording_id
    JOIN endpoint ON endpoint.id = exchange.endpoint_id;
  `,
  `
  -- What followers of the tape found that an API changed.
  CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    found_at INTEGER NOT NULL,
    method TEXT NOT NULL,
    origin TEXT NOT NULL,
    template TEXT NOT NULL,
    location TEXT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    status INTEGER,
    was TEXT NOT NULL,
    now TEXT NOT NULL,
    before_k INTEGER NOT NULL,
    before_n INTEGER NOT NULL,
    after_m INTEGER NOT NULL,
    after_n INTEGER NOT NULL,
    chance REAL NOT NULL,
    phrase TEXT NOT NULL,
    first_seen INTEGER,
    examples TEXT NOT NULL
  ) STRICT;
  -- Without a status it is still one and the same: NULLs would all differ.
  CREATE UNIQUE INDEX finding_place
    ON finding (method, origin, template, location, direction, kind, coalesce(status, 0));
  `,
];
