//! The parameters of the list of conversations.

use deskbell_protocol::{AccountId, Status};

use crate::conversations::{Filter, Place};
use crate::http::page;
use crate::refusal::Refusal;
use crate::store;

/// What the query asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which conversations.
    pub filter: Filter,
    /// How many.
    pub limit: u32,
}

impl Wish {
    /// Reads the parameters; `me` is who asks.
    ///
    /// # Errors
    /// 422 with the parameter that is unknown or has a value that is not allowed.
    pub fn parse(pairs: &[(String, String)], me: AccountId) -> Result<Self, Refusal> {
        let mut filter = Filter::default();
        let mut limit = None;
        for (name, value) in pairs {
            let wrong = || Refusal::field(name, "This parameter has a value that is not allowed.");
            if value.contains('\0') {
                return Err(wrong());
            }
            match name.as_str() {
                "status" => filter.statuses.extend(statuses(value).ok_or_else(wrong)?),
                "assignee" => filter.assignee = Some(assignee(value, me).ok_or_else(wrong)?),
                "organization" => filter.organization = Some(value.parse().map_err(|_| wrong())?),
                "text" => filter.text.clone_from(value),
                "after" => filter.after = Some(Place::parse(value).ok_or_else(wrong)?),
                "limit" => limit = Some(value.parse().map_err(|_| wrong())?),
                _ => return Err(Refusal::field(name, "There is no such parameter.")),
            }
        }
        Ok(Self {
            filter,
            limit: page::limit(limit)?,
        })
    }
}

fn statuses(value: &str) -> Option<Vec<Status>> {
    value
        .split(',')
        .map(|name| store::name(name).ok())
        .collect()
}

fn assignee(value: &str, me: AccountId) -> Option<Option<AccountId>> {
    match value {
        "me" => Some(Some(me)),
        "none" => Some(None),
        id => id.parse().ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Wish, Refusal> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Wish::parse(
            &pairs,
            "0196f6a0-0000-7000-8000-000000000001".parse().unwrap(),
        )
    }

    #[test]
    fn statuses_come_repeated_or_with_commas() {
        let wish = parse("status=new,open&status=closed&assignee=none&limit=7").unwrap();
        assert_eq!(
            wish.filter.statuses,
            [Status::New, Status::Open, Status::Closed]
        );
        assert_eq!(wish.filter.assignee, Some(None));
        assert_eq!(wish.limit, 7);
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (query, field) in [
            ("status=old", "status"),
            ("assignee=you", "assignee"),
            ("organization=1", "organization"),
            ("after=x", "after"),
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("text=a%00b", "text"),
            ("colour=red", "colour"),
        ] {
            let refusal = parse(query).unwrap_err();
            assert_eq!(refusal.problem().field.as_deref(), Some(field), "{query}");
        }
    }
}
