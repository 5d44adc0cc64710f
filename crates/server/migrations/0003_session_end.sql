-- Sessions are forgotten by when they ended at the latest.

CREATE INDEX session_end ON session (expires_at);
