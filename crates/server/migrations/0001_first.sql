-- One text for SQLite and PostgreSQL: ids are lower-case UUID text, times are milliseconds since
-- 1970 UTC, yes and no are 1 and 0. Every statement ends with a semicolon at the end of a line.

CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE organization (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    accent_colour TEXT,
    logo_media_type TEXT,
    logo_base64 TEXT,
    hours TEXT,
    phone TEXT,
    typing BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('requester', 'technician', 'admin')),
    organization_id TEXT REFERENCES organization (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    phone TEXT,
    totp_secret TEXT,
    totp_step BIGINT NOT NULL DEFAULT 0,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((role = 'requester') = (organization_id IS NOT NULL))
);

CREATE INDEX account_role ON account (role, name);

CREATE TABLE session (
    id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    ip TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE INDEX session_account ON session (account_id);

CREATE TABLE device (
    id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    model TEXT,
    serial TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX device_account ON device (account_id, name);

CREATE TABLE article (
    id TEXT PRIMARY KEY NOT NULL,
    organization_id TEXT REFERENCES organization (id),
    title TEXT NOT NULL,
    url TEXT NOT NULL
);

-- The next number of the built-in ticketing.
CREATE TABLE ticket_counter (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    last_number BIGINT NOT NULL
);

INSERT INTO ticket_counter (id, last_number) VALUES (1, 1000);

CREATE TABLE conversation (
    id TEXT PRIMARY KEY NOT NULL,
    ticket_number TEXT UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'closed')),
    label TEXT,
    subject TEXT NOT NULL,
    -- What searches look through, in lower case: subject, ticket number, requester.
    folded TEXT NOT NULL,
    requester_id TEXT NOT NULL REFERENCES account (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    device_id TEXT REFERENCES device (id),
    assignee_id TEXT REFERENCES account (id),
    created_at BIGINT NOT NULL,
    -- Notes move the technicians' time alone.
    requester_activity_at BIGINT NOT NULL,
    technician_activity_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by_id TEXT REFERENCES account (id)
);

CREATE INDEX conversation_requester ON conversation (requester_id, requester_activity_at, id);
CREATE INDEX conversation_activity ON conversation (technician_activity_at, id);
CREATE INDEX conversation_unclosed ON conversation (technician_activity_at, id)
    WHERE status <> 'closed';
CREATE INDEX conversation_assignee ON conversation (assignee_id, technician_activity_at, id);
CREATE INDEX conversation_organization
    ON conversation (organization_id, technician_activity_at, id);

CREATE TABLE message (
    id TEXT PRIMARY KEY NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    -- The conversation's requester, once more, so that receipts need no join.
    requester_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('message', 'note', 'update')),
    side TEXT NOT NULL CHECK (side IN ('requester', 'technician', 'system')),
    author_id TEXT REFERENCES account (id),
    body TEXT NOT NULL,
    -- The body in lower case, for searches.
    folded TEXT NOT NULL,
    update_kind TEXT,
    update_technician_id TEXT REFERENCES account (id),
    update_status TEXT,
    update_text TEXT,
    -- Places in the two feeds; a note has none in the requester's.
    requester_seq BIGINT,
    technician_seq BIGINT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    received_at BIGINT,
    read_at BIGINT,
    CHECK ((kind = 'note') = (requester_seq IS NULL))
);

CREATE UNIQUE INDEX message_technicians ON message (conversation_id, technician_seq);
CREATE UNIQUE INDEX message_requester ON message (conversation_id, requester_seq);
CREATE INDEX message_unreceived ON message (side, requester_id)
    WHERE received_at IS NULL AND kind = 'message';

CREATE TABLE read_marker (
    conversation_id TEXT NOT NULL REFERENCES conversation (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    seq BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, account_id)
);

-- `seq` is the newest event's number; events up to `pruned_seq` are no longer kept.
CREATE TABLE feed (
    id TEXT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL,
    pruned_seq BIGINT NOT NULL DEFAULT 0
);

-- What changed, as references; the state is read when somebody asks.
CREATE TABLE event (
    feed_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    conversation_id TEXT,
    message_id TEXT,
    account_id TEXT,
    session_id TEXT,
    upto_seq BIGINT,
    PRIMARY KEY (feed_id, seq)
);

CREATE INDEX event_at ON event (at);
