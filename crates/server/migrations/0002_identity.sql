-- One sign-in attempt. Addresses that belong to nobody have rows too, so that both are treated alike.
CREATE TABLE challenge (
    id TEXT PRIMARY KEY NOT NULL,
    -- HMAC of the address with the server's key.
    address TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    -- The address it was asked from; of IPv6 the /64.
    ip TEXT NOT NULL,
    -- live: takes codes; proved: waits for the second factor; used, dead, expired, ended: over.
    state TEXT NOT NULL CHECK (state IN ('live', 'proved', 'used', 'dead', 'expired', 'ended')),
    -- HMAC of the code with the server's key; random where no code was sent.
    proof TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    -- When the newest code was made; absent before the first.
    sent_at BIGINT,
    expires_at BIGINT NOT NULL
);

CREATE INDEX challenge_address ON challenge (address, state);
CREATE INDEX challenge_ip ON challenge (ip, created_at);
CREATE INDEX challenge_end ON challenge (state, expires_at);

-- Wrong codes in a row, over all challenges of an address.
CREATE TABLE failure_run (
    address TEXT PRIMARY KEY NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- What counts against a limit, one row per use.
CREATE TABLE allowance_use (
    id TEXT PRIMARY KEY NOT NULL,
    purse TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX allowance_use_purse ON allowance_use (purse, at);
CREATE INDEX allowance_use_at ON allowance_use (at);

-- Whoever holds a row here counts alone.
CREATE TABLE gate (
    name TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
);

-- Messages on their way; `sealed` is encrypted with the server's key.
CREATE TABLE delivery (
    id TEXT PRIMARY KEY NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'nowhere')),
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX delivery_next ON delivery (next_try_at);
