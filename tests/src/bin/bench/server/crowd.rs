//! People, sessions and conversations, put into the database where using the server would have put
//! them.

use std::ops::Range;

use anyhow::Result;
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, any::install_default_drivers};

/// One person may have five sockets; the sixth ends the first.
pub const SOCKETS_EACH: usize = 5;

/// The numbers `$1` to `$2` as rows, on both databases.
const NUMBERS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT)
    UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS BIGINT))";

/// Which sort of people.
#[derive(Clone, Copy)]
pub enum Role {
    /// They ask.
    Requester,
    /// They answer.
    Technician,
}

/// The way into a server's database.
pub struct Crowd {
    database: AnyConnection,
    now: i64,
}

impl Crowd {
    /// Opens the database at this URL; the times of what is put there are from its organization.
    pub async fn at(url: &str) -> Result<Self> {
        install_default_drivers();
        let mut database = AnyConnection::connect(url).await?;
        if url.starts_with("sqlite:") {
            // What is put there need not survive a power cut, and its references are right.
            sqlx::raw_sql("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
                .execute(&mut database)
                .await?;
        }
        let now = sqlx::query_scalar("SELECT MAX(created_at) FROM organization")
            .fetch_one(&mut database)
            .await?;
        Ok(Self { database, now })
    }

    /// Adds so many people with a session for each of their sockets; answers with the tokens, each
    /// person's together.
    pub async fn people(&mut self, role: Role, count: usize) -> Result<Vec<String>> {
        let (name, group, organization) = match role {
            Role::Requester => (
                "requester",
                REQUESTERS,
                "(SELECT MAX(id) FROM organization)",
            ),
            Role::Technician => ("technician", TECHNICIANS, "NULL"),
        };
        let accounts = format!(
            "{NUMBERS} INSERT INTO account (id, role, organization_id, name, email, created_at)
             SELECT {account}, '{name}', {organization}, '{name} ' || i,
                '{name}' || i || '@crowd.example', CAST($3 AS BIGINT) FROM n",
            account = id_of(group, "i"),
        );
        let sessions = format!(
            "{NUMBERS} INSERT INTO session
                (id, account_id, token_hash, client, ip, created_at, last_used_at, expires_at)
             SELECT {session}, {account}, '{name}' || i, 'bench', '127.0.0.1', CAST($3 AS BIGINT), CAST($3 AS BIGINT), CAST($3 AS BIGINT) + 36000000
             FROM n",
            session = id_of(&format!("{group}5"), "i"),
            account = id_of(group, &format!("i / {SOCKETS_EACH}")),
        );
        let sockets = count * SOCKETS_EACH;
        self.fill(&accounts, 0, count).await?;
        self.fill(&sessions, 0, sockets).await?;
        let tokens: Vec<String> = (0..sockets)
            .map(|number| format!("{name}-{number}"))
            .collect();
        let mut transaction = self.database.begin().await?;
        for (number, token) in tokens.iter().enumerate() {
            sqlx::query("UPDATE session SET token_hash = $1 WHERE token_hash = $2")
                .bind(hash(token))
                .bind(format!("{name}{number}"))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(tokens)
    }

    /// Adds the conversations from one number to another, each with a question and an answer, one in
    /// twenty not closed. Whose they are is SQL with the number `i`; the technicians take turns.
    pub async fn conversations(
        &mut self,
        numbers: Range<usize>,
        requester: &str,
        technicians: usize,
    ) -> Result<()> {
        let conversation = id_of(CONVERSATIONS, "i");
        let technician = id_of(TECHNICIANS, &format!("(i / {OPEN_ONE_IN}) % {technicians}"));
        let conversations = format!(
            "{NUMBERS} INSERT INTO conversation (id, ticket_number, status, subject, folded,
                requester_id, organization_id, assignee_id, created_at, requester_activity_at,
                technician_activity_at)
             SELECT {conversation}, 'S' || i,
                CASE WHEN i % {OPEN_ONE_IN} = 0 THEN 'waiting' ELSE 'closed' END,
                'Request number ' || i || ' about a printer',
                'request number ' || i || ' about a printer', {requester},
                (SELECT organization_id FROM account WHERE id = {requester}), {technician},
                {NOW} - 1000000 + i, {NOW} - 1000000 + i, {NOW} - 1000000 + i FROM n"
        );
        self.fill(&conversations, numbers.start, numbers.end)
            .await?;
        // Beyond what was sent since the last time.
        let places = numbers.end * 10..numbers.end * 12 + 2;
        for (line, side, author) in [
            (0, "requester", requester),
            (1, "technician", technician.as_str()),
        ] {
            let messages = Lines {
                id: &id_of(&format!("{LINES}{line}"), "i"),
                conversation: &conversation,
                requester,
                side,
                author,
                place: &format!("{} + i * 2 + {line}", places.start),
            };
            self.fill(&messages.sql(), numbers.start, numbers.end)
                .await?;
        }
        self.feeds(places.end).await
    }

    /// Adds the lines from one number to another to the first conversation, with places in the
    /// feeds from `place` on.
    pub async fn lines(&mut self, numbers: Range<usize>, place: usize) -> Result<()> {
        let requester = id_of(REQUESTERS, "0");
        let messages = Lines {
            id: &id_of(LONG, "i"),
            conversation: &id_of(CONVERSATIONS, "0"),
            requester: &requester,
            side: "requester",
            author: &requester,
            place: &format!("{place} + i"),
        };
        self.fill(&messages.sql(), numbers.start, numbers.end)
            .await?;
        self.feeds(place + numbers.end).await
    }

    /// The feeds' numbers go on after those that were given to lines here.
    async fn feeds(&mut self, newest: usize) -> Result<()> {
        let feeds = format!(
            "INSERT INTO feed (id, seq)
             SELECT id, {newest} FROM account WHERE role = 'requester'
             UNION ALL SELECT 'technicians', {newest} FROM meta WHERE name = 'epoch'
             ON CONFLICT (id) DO UPDATE SET seq = excluded.seq WHERE feed.seq < excluded.seq"
        );
        sqlx::raw_sql(AssertSqlSafe(feeds))
            .execute(&mut self.database)
            .await?;
        Ok(())
    }

    /// Runs a statement that makes a row of each number in the range.
    async fn fill(&mut self, statement: &str, start: usize, end: usize) -> Result<()> {
        sqlx::query(AssertSqlSafe(statement.to_owned()))
            .bind(i64::try_from(start)?)
            .bind(i64::try_from(end)? - 1)
            .bind(self.now)
            .execute(&mut self.database)
            .await?;
        Ok(())
    }
}

/// Lines, their columns as SQL with the number `i`.
struct Lines<'a> {
    id: &'a str,
    conversation: &'a str,
    requester: &'a str,
    side: &'a str,
    author: &'a str,
    /// In both feeds.
    place: &'a str,
}

impl Lines<'_> {
    fn sql(&self) -> String {
        let Self {
            id,
            conversation,
            requester,
            side,
            author,
            place,
        } = self;
        format!(
            "{NUMBERS} INSERT INTO message (id, conversation_id, requester_id, kind, side, author_id,
                body, folded, requester_seq, technician_seq, created_at, received_at, read_at)
             SELECT {id}, {conversation}, {requester}, 'message', '{side}', {author},
                'Line ' || i || ' about the printer that does not print.',
                'line ' || i || ' about the printer that does not print.',
                {place}, {place}, {NOW}, {NOW}, {NOW} FROM n"
        )
    }
}

/// Of so many conversations one is not closed.
pub const OPEN_ONE_IN: usize = 20;

/// The time of everything that is put there.
const NOW: &str = "CAST($3 AS BIGINT)";

/// The first letters of the last part of an id but one, by what the id stands for.
const REQUESTERS: &str = "9";
const TECHNICIANS: &str = "a";
const CONVERSATIONS: &str = "8";
const LINES: &str = "b";
const LONG: &str = "c";

/// The id of whatever has this number, as SQL: numbers from a hundred milliards on have the twelve
/// digits that an id ends with.
fn id_of(group: &str, number: &str) -> String {
    format!("'01900000-0000-7000-{group:0<4}-' || CAST(100000000000 + {number} AS TEXT)")
}

/// The requester of conversation `i` when so many take turns, as SQL.
pub fn requester_of(requesters: usize) -> String {
    id_of(REQUESTERS, &format!("i % {requesters}"))
}

/// The id of the conversation with this number.
pub fn conversation(number: usize) -> String {
    format!(
        "01900000-0000-7000-{CONVERSATIONS:0<4}-{}",
        100_000_000_000 + number
    )
}

fn hash(token: &str) -> String {
    let digest = Sha256::digest(token);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
