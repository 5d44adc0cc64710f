//! What a person gets: the code and the facts that let them judge it.

use deskbell_protocol::Timestamp;
use serde::{Deserialize, Serialize};

/// How it reaches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
}

/// One code for one person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// The e-mail address or number (E.164).
    pub to: String,
    /// The code's digits.
    pub code: String,
    /// How many minutes it holds.
    pub minutes: i64,
    /// The IP address that asked for it.
    pub asked_from: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(hidden)")
    }
}

impl Letter {
    /// The mail's subject; the code is not in it, for lock screens show subjects.
    #[must_use]
    pub fn subject(product: &str) -> String {
        format!("Your {product} sign-in code")
    }

    /// The mail's text. It has no link: nobody shall learn to click one.
    #[must_use]
    pub fn mail_text(&self, product: &str) -> String {
        let Self {
            code,
            minutes,
            asked_from,
            ..
        } = self;
        let asked_at = minute(self.asked_at);
        format!(
            "{code} is your {product} sign-in code. It is good for {minutes} minutes and can be used \
             once.\n\n\
             It was asked for on {asked_at} from the IP address {asked_from}.\n\n\
             We never ask for this code, by phone or by mail: enter it in {product} only. If you did \
             not ask for it, ignore this mail; nobody can sign in without the code.\n"
        )
    }

    /// The text message; short, so that it is one part.
    #[must_use]
    pub fn sms_text(&self, product: &str) -> String {
        let Self { code, minutes, .. } = self;
        format!(
            "{code} is your {product} code, good for {minutes} min. We never ask for this code."
        )
    }

    /// The text for this channel.
    #[must_use]
    pub fn text(&self, channel: Channel, product: &str) -> String {
        match channel {
            Channel::Email => self.mail_text(product),
            Channel::Sms => self.sms_text(product),
        }
    }
}

/// `2026-11-21 10:05 UTC`.
fn minute(time: Timestamp) -> String {
    let text = time.to_string();
    let minute = text.get(..16).unwrap_or(&text).replace('T', " ");
    format!("{minute} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            to: "ana@b.example".into(),
            code: "482913".into(),
            minutes: 10,
            asked_from: "203.0.113.9".into(),
            asked_at: Timestamp::from_millis(1_795_250_000_007),
        }
    }

    /// LOG-18.
    #[test]
    fn the_mail_says_all_that_lets_a_person_judge_it() {
        let text = letter().mail_text("Deskbell");
        for fact in [
            "Deskbell",
            "482913",
            "10 minutes",
            "203.0.113.9",
            "2026-11-21 08:33 UTC",
            "We never ask for this code",
        ] {
            assert!(text.contains(fact), "{fact:?} is missing from: {text}");
        }
        assert!(!text.contains("http"), "there must be nothing to click");
        assert!(!Letter::subject("Deskbell").contains("482913"));
    }

    #[test]
    fn a_text_message_is_one_part() {
        let text = letter().sms_text("Deskbell");
        assert!(text.starts_with("482913") && text.len() <= 160, "{text}");
    }

    #[test]
    fn a_letter_does_not_show_in_debug_output() {
        assert!(!format!("{:?}", letter()).contains("482913"));
    }
}
