//! Lists of conversations, newest activity first, page by page.

use deskbell_protocol::{AccountId, ConversationItem, OrganizationId, Page, Status};

use super::reader::{Reader, Side};
use super::row::ItemRow;
use crate::app::App;
use crate::http::Refusal;
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
    macro_rules! select {
        ($activity:literal, $seq:literal) => {
            concat!(
                item_select!($activity, $seq),
                "WHERE ($2 = '' OR c.requester_id = $2)
                 AND ($3 = '' OR $3 LIKE '%,' || c.status || ',%')
                 AND ($4 = '' OR c.assignee_id = $4 OR ($4 = 'none' AND c.assignee_id IS NULL))
                 AND ($5 = '' OR c.organization_id = $5)
                 AND ($6 = '' OR LOWER(c.subject) LIKE $6 ESCAPE '!'
                    OR LOWER(c.ticket_number) LIKE $6 ESCAPE '!'
                    OR LOWER(r.name) LIKE $6 ESCAPE '!' OR r.email LIKE $6 ESCAPE '!'
                    OR EXISTS (SELECT 1 FROM message s WHERE s.conversation_id = c.id AND s.",
                $seq,
                " IS NOT NULL AND LOWER(s.body) LIKE $6 ESCAPE '!'))
                 AND (c.",
                $activity,
                " < $7 OR (c.",
                $activity,
                " = $7 AND c.id < $8))
                 ORDER BY c.",
                $activity,
                " DESC, c.id DESC LIMIT $9"
            )
        };
    }
    let sql = match reader.side {
        Side::Requester => select!("requester_activity_at", "requester_seq"),
        Side::Technician => select!("technician_activity_at", "technician_seq"),
    };
    let (millis, after_id) = filter
        .after
        .as_ref()
        .map_or((i64::MAX, String::new()), |place| {
            (place.activity_millis, place.id.clone())
        });
    let rows = sqlx::query_as(sql)
        .bind(reader.account_id.text())
        .bind(reader.own_only())
        .bind(statuses(&filter.statuses))
        .bind(assignee(filter.assignee))
        .bind(
            filter
                .organization
                .map(OrganizationId::text)
                .unwrap_or_default(),
        )
        .bind(pattern(&filter.text))
        .bind(millis)
        .bind(after_id)
        .bind(i64::from(limit) + 1)
        .fetch_all(app.store.read())
        .await?;
    Ok(rows)
}

/// `,new,open,`: each name between commas.
fn statuses(statuses: &[Status]) -> String {
    let names = statuses.iter().map(|status| match status {
        Status::New => "new,",
        Status::Open => "open,",
        Status::Waiting => "waiting,",
        Status::Closed => "closed,",
    });
    let names: String = names.collect();
    if names.is_empty() {
        names
    } else {
        format!(",{names}")
    }
}

fn assignee(assignee: Option<Option<AccountId>>) -> String {
    match assignee {
        None => String::new(),
        Some(None) => "none".to_owned(),
        Some(Some(id)) => id.text(),
    }
}

/// The text as a LIKE pattern that finds it anywhere, in lower case.
fn pattern(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return text;
    }
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_wildcards_as_what_they_are() {
        assert_eq!(pattern("  100%_OK! "), "%100!%!_ok!!%");
        assert_eq!(pattern("   "), "");
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
}
