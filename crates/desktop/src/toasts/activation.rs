//! What Windows hands back when somebody has done something with a toast: `open/<tag>`, or
//! `reply/<tag>` and the field's text.

/// The field of a toast that holds the answer.
pub const FIELD: &str = "text";

/// Letters of a tag, at most; Windows takes no more.
const TAG_LETTERS: usize = 64;

/// Something was done with a toast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// The toast with this tag was clicked.
    Open(String),
    /// It was answered.
    Reply {
        /// The toast's tag.
        tag: String,
        /// What was written.
        text: String,
    },
}

/// The arguments that come back with the activation; a reply's text comes in the field.
#[must_use]
pub fn write(activation: &Activation) -> String {
    match activation {
        Activation::Open(tag) => format!("open/{tag}"),
        Activation::Reply { tag, .. } => format!("reply/{tag}"),
    }
}

/// What was done. Any program of the user can call here, so that only what fits is heard; a reply
/// without a text is none.
#[must_use]
pub fn read(arguments: &str, fields: &[(String, String)]) -> Option<Activation> {
    let (what, tag) = arguments.split_once('/')?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if tag.is_empty() || tag.len() > TAG_LETTERS || !tag.chars().all(plain) {
        return None;
    }
    let tag = tag.to_owned();
    match what {
        "open" => Some(Activation::Open(tag)),
        "reply" => {
            let (_, text) = fields.iter().find(|(name, _)| name == FIELD)?;
            let text = text.trim();
            (!text.is_empty()).then(|| Activation::Reply {
                tag,
                text: text.to_owned(),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Activation, read, write};

    fn fields(text: &str) -> Vec<(String, String)> {
        vec![
            ("other".to_owned(), "no".to_owned()),
            ("text".to_owned(), text.to_owned()),
        ]
    }

    #[test]
    fn what_is_written_into_a_toast_comes_back() {
        let open = Activation::Open("summary".to_owned());
        assert_eq!(read(&write(&open), &[]), Some(open));
        let reply = Activation::Reply {
            tag: "0198c0de-0000-7000-8000-000000000001".to_owned(),
            text: "Yes, it is in.".to_owned(),
        };
        assert_eq!(
            read(&write(&reply), &fields(" Yes, it is in. ")),
            Some(reply)
        );
    }

    /// CLI-10
    #[test]
    fn what_no_toast_of_ours_says_is_not_heard() {
        let long = format!("open/{}", "a".repeat(65));
        for arguments in [
            "",
            "open",
            "open/",
            "reply",
            "quit/a",
            "open/a/b",
            "open/a b",
            "open/ä",
            "OPEN/a",
            "open/../a",
            "deskbell://conversation/x",
            "open/a\0",
            &long,
        ] {
            assert_eq!(read(arguments, &fields("x")), None, "{arguments:?}");
        }
        assert_eq!(
            read("reply/a", &fields(" \n ")),
            None,
            "nothing was written"
        );
        assert_eq!(read("reply/a", &[]), None, "there is no field");
    }
}
