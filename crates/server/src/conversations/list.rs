//! Lists of conversations, newest activity first, page by page.

use deskbell_protocol::{AccountId, ConversationItem, OrganizationId, Page, Status};
use sqlx::AssertSqlSafe;

use super::reader::{Reader, Side};
use super::row::ItemRow;
use super::text;
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::Error;

/// Which conversations a list shows; everything when nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these statuses.
    pub statuses: Vec<Status>,
    /// Only whose assignee is this one, or nobody.
    pub assignee: Option<Option<AccountId>>,
    /// Only of this organization.
    pub organization: Option<OrganizationId>,
    /// Only with this text in subject, ticket number, requester or messages.
    pub text: String,
    /// Only those after this place of an earlier page.
    pub after: Option<Place>,
}

/// A place in a list: last activity in milliseconds and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The last activity.
    pub activity_millis: i64,
    /// The conversation's id as text.
    pub id: String,
}

impl Place {
    /// Reads what [`Page::next`] said.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (millis, id) = text.split_once('.')?;
        let id: deskbell_protocol::ConversationId = id.parse().ok()?;
        Some(Self {
            activity_millis: millis.parse().ok()?,
            id: id.text(),
        })
    }
}

/// A page of the conversations this reader may see.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    reader: Reader,
    filter: &Filter,
    limit: u32,
) -> Result<Page<ConversationItem>, Refusal> {
    let mut rows = rows(app, reader, filter, limit).await?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > full;
    rows.truncate(full);
    let next = rows.last().filter(|_| more).map(|row| {
        let (millis, id) = row.place();
        format!("{millis}.{id}")
    });
    let items = rows
        .into_iter()
        .map(ItemRow::item)
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
}

async fn rows(
    app: &App,
    reader: Reader,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<ItemRow>, Error> {
    let statement = Statement::of(reader, filter, limit);
    // A search may walk through everything: one at a time leaves room for everybody else.
    let _turn = match filter.text.trim().is_empty() {
        true => None,
        false => app.searches.acquire().await.ok(),
    };
    let mut query = sqlx::query_as(AssertSqlSafe(statement.sql)).bind(reader.account_id.text());
    for value in statement.values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
        };
    }
    Ok(query.fetch_all(app.store.read()).await?)
}

/// A statement that says no more than the filter does, so that the database finds the right index.
/// Its text is made of pieces of ours; what people said is in the values, from `$2`.
#[derive(Debug, PartialEq, Eq)]
struct Statement {
    sql: String,
    values: Vec<Value>,
}

#[derive(Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    Number(i64),
}

impl Statement {
    fn of(reader: Reader, filter: &Filter, limit: u32) -> Self {
        let (select, activity, seq) = match reader.side {
            Side::Requester => (
                item_select!("requester_activity_at", "requester_seq"),
                "requester_activity_at",
                "requester_seq",
            ),
            Side::Technician => (
                item_select!("technician_activity_at", "technician_seq"),
                "technician_activity_at",
                "technician_seq",
            ),
        };
        let mut statement = Self {
            sql: format!("{select} WHERE 1 = 1"),
            values: Vec::new(),
        };
        if reader.side == Side::Requester {
            let own = statement.text(reader.account_id.text());
            statement.and(&format!("c.requester_id = {own}"));
        }
        statement.filter(filter, seq);
        if let Some(place) = &filter.after {
            let millis = statement.number(place.activity_millis);
            let id = statement.text(place.id.clone());
            statement.and(&format!(
                "c.{activity} <= {millis} AND (c.{activity} < {millis} OR c.id < {id})"
            ));
        }
        let limit = statement.number(i64::from(limit) + 1);
        statement.sql += &format!(" ORDER BY c.{activity} DESC, c.id DESC LIMIT {limit}");
        statement
    }

    fn filter(&mut self, filter: &Filter, seq: &str) {
        if !filter.statuses.is_empty() {
            let names: Vec<&str> = filter.statuses.iter().copied().map(stored).collect();
            self.and(&format!("c.status IN ('{}')", names.join("', '")));
            if !filter.statuses.contains(&Status::Closed) {
                // Says what the index on those that are not closed says.
                self.and("c.status <> 'closed'");
            }
        }
        match filter.assignee {
            None => {}
            Some(None) => self.and("c.assignee_id IS NULL"),
            Some(Some(id)) => {
                let id = self.text(id.text());
                self.and(&format!("c.assignee_id = {id}"));
            }
        }
        if let Some(id) = filter.organization {
            let id = self.text(id.text());
            self.and(&format!("c.organization_id = {id}"));
        }
        if let Some(pattern) = pattern(&filter.text) {
            let pattern = self.text(pattern);
            self.and(&format!(
                "(c.folded LIKE {pattern} ESCAPE '!' OR EXISTS (SELECT 1 FROM message s
                  WHERE s.conversation_id = c.id AND s.{seq} IS NOT NULL
                  AND s.folded LIKE {pattern} ESCAPE '!'))"
            ));
        }
    }

    fn and(&mut self, clause: &str) {
        self.sql += " AND ";
        self.sql += clause;
    }

    /// Adds a value and gives the placeholder that stands for it.
    fn text(&mut self, text: String) -> String {
        self.value(Value::Text(text))
    }

    fn number(&mut self, number: i64) -> String {
        self.value(Value::Number(number))
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len() + 1)
    }
}

/// The name a status is stored under.
pub(super) fn stored(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Open => "open",
        Status::Waiting => "waiting",
        Status::Closed => "closed",
    }
}

/// The text as a LIKE pattern that finds it anywhere; nothing when it says nothing.
fn pattern(wanted: &str) -> Option<String> {
    let wanted = text::fold(wanted.trim());
    if wanted.is_empty() {
        return None;
    }
    let mut pattern = String::from("%");
    for character in wanted.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_wildcards_as_what_they_are() {
        assert_eq!(pattern("  100%_OK! ").as_deref(), Some("%100!%!_ok!!%"));
        assert_eq!(pattern("   "), None);
    }

    #[test]
    fn a_place_survives_the_way_through_a_link() {
        let id = "0196f6a0-0000-7000-8000-000000000001";
        let place = Place::parse(&format!("1795250000007.{id}")).unwrap();
        assert_eq!(
            (place.activity_millis, place.id.as_str()),
            (1_795_250_000_007, id)
        );
        assert_eq!(Place::parse("7"), None);
        assert_eq!(Place::parse("7.%'; DROP TABLE"), None);
    }

    #[test]
    fn what_people_say_never_becomes_part_of_the_statement() {
        let reader = Reader {
            account_id: AccountId(uuid::Uuid::nil()),
            side: Side::Technician,
        };
        let filter = Filter {
            text: "'; DROP TABLE message; --".to_owned(),
            ..Filter::default()
        };
        let statement = Statement::of(reader, &filter, 10);
        assert!(
            !statement.sql.to_lowercase().contains("drop"),
            "{}",
            statement.sql
        );
        assert_eq!(statement.values.len(), 2);
    }
}
