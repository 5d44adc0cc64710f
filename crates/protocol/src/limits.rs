//! Every number that server, clients and tests share. Units are in the names.

/// Digits in a sign-in code.
pub const CODE_DIGITS: usize = 6;
/// How long an e-mailed code is good for.
pub const EMAIL_CODE_LIFE_SECONDS: i64 = 600;
/// How long a texted code is good for.
pub const SMS_CODE_LIFE_SECONDS: i64 = 300;
/// Wrong codes one challenge takes before it is dead.
pub const TRIES_PER_CHALLENGE: i64 = 5;
/// Challenges of one account that are alive at a time; a new one ends the oldest beyond this.
pub const LIVE_CHALLENGES_PER_ACCOUNT: i64 = 3;
/// Least time between two codes to one address.
pub const CODE_COOLDOWN_SECONDS: i64 = 60;
/// Codes sent to one address in an hour.
pub const CODES_PER_HOUR_AND_ADDRESS: i64 = 5;
/// Codes asked for from one IP address (IPv6: from one /64) in an hour.
pub const CODES_PER_HOUR_AND_IP: i64 = 20;
/// Wrong codes in a row, over all challenges of an account, before it takes no more.
pub const CONSECUTIVE_FAILURES_PER_ACCOUNT: i64 = 100;
/// How long an account takes no code after that many; then one more.
pub const THROTTLE_SECONDS: i64 = 3_600;
/// Sign-ins begun from one IP address (IPv6: from one /64) in an hour; codes have their own, lower limit.
pub const SIGN_INS_PER_HOUR_AND_IP: i64 = 2_000;
/// How long the second factor may take once the code was right.
pub const SECOND_FACTOR_SECONDS: i64 = 300;

/// Random bits in a session token.
pub const TOKEN_BITS: usize = 256;
/// A requester's session ends after this, used or not.
pub const REQUESTER_SESSION_SECONDS: i64 = 30 * 86_400;
/// A requester's session ends after being unused for this long.
pub const REQUESTER_IDLE_SECONDS: i64 = 14 * 86_400;
/// A technician's session ends after this, used or not.
pub const TECHNICIAN_SESSION_SECONDS: i64 = 12 * 3_600;
/// A technician's session ends after being unused for this long.
pub const TECHNICIAN_IDLE_SECONDS: i64 = 30 * 60;
/// How long after its end a session that nobody ended still proves a known device.
pub const KNOWN_DEVICE_SECONDS: i64 = 30 * 86_400;
/// Websockets of one account at a time; a further one closes the oldest.
pub const SOCKETS_PER_ACCOUNT: usize = 5;

/// Largest websocket message either side takes.
pub const FEED_MESSAGE_BYTES: usize = 64 * 1024;
/// The client's hello must come within this.
pub const FEED_HELLO_SECONDS: u64 = 10;
/// The server pings this often.
pub const FEED_PING_SECONDS: u64 = 25;
/// Either side takes the other for dead after this much silence.
pub const FEED_DEAD_SECONDS: u64 = 60;
/// Events that may wait for one slow socket.
pub const FEED_QUEUE_EVENTS: usize = 256;
/// Bytes that may wait for one slow socket.
pub const FEED_QUEUE_BYTES: usize = 1024 * 1024;
/// Bad frames a socket may send before it is closed.
pub const FEED_BAD_FRAMES: u32 = 3;
/// A blocked write to a socket is given up after this.
pub const FEED_WRITE_SECONDS: u64 = 10;
/// Events one sync answer carries at most.
pub const SYNC_PAGE_EVENTS: i64 = 256;

/// Longest text of a message or description, in bytes of UTF-8.
pub const TEXT_BYTES: usize = 16 * 1024;
/// Messages, notes and new conversations one account may write at once.
pub const TEXTS_AT_ONCE: i64 = 300;
/// How many of them come back in a second.
pub const TEXTS_PER_SECOND: i64 = 1;
/// Largest upload.
pub const UPLOAD_BYTES: usize = 25 * 1024 * 1024;
/// Attachments of one message.
pub const ATTACHMENTS_PER_MESSAGE: usize = 10;
/// Largest body of a request that is not an upload: a full text with every character escaped, and room.
pub const REQUEST_BODY_BYTES: usize = 128 * 1024;
/// The head of a request must be complete within this.
pub const REQUEST_HEAD_SECONDS: u64 = 10;

/// Items in a page of a list when the request names no limit.
pub const PAGE_ITEMS: u32 = 50;
/// Most items in a page of a list.
pub const PAGE_ITEMS_MAX: u32 = 200;

/// Shortest upper bound of the wait before the client connects again.
pub const RECONNECT_MIN_MILLIS: u64 = 500;
/// Longest upper bound of the wait before the client connects again.
pub const RECONNECT_MAX_MILLIS: u64 = 30_000;
/// The computer's clock is called wrong when it is off by more than this.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// Close codes of the feed beyond the standard's own.
pub mod close_code {
    /// The server is going away and comes back (RFC 6455 registry: service restart).
    pub const RESTART: u16 = 1012;
    /// Too many bad frames (RFC 6455: policy violation).
    pub const BAD_FRAMES: u16 = 1008;
    /// The session is over by age or idleness.
    pub const SESSION_EXPIRED: u16 = 4401;
    /// The session was revoked or signed out.
    pub const SESSION_ENDED: u16 = 4403;
    /// No hello in time.
    pub const NO_HELLO: u16 = 4408;
    /// The account opened another socket beyond its limit.
    pub const REPLACED: u16 = 4409;
    /// The peer does not read fast enough; connect again and resume.
    pub const SLOW: u16 = 4410;
}
