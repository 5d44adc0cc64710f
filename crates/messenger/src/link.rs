//! Which addresses may be opened: the one allow-list for links in messages, articles and the hotline.

use url::{Host, Url};

/// Longest address that is opened, before and after it is written anew.
const LONGEST_BYTES: usize = 2_048;

/// What may be done with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Open this, which is the address written anew.
    Open(String),
    /// Ask first, and show this.
    Confirm {
        /// The host in ASCII.
        host: String,
        /// The address written anew.
        url: String,
        /// It is not encrypted.
        insecure: bool,
    },
    /// Leave it.
    Refuse,
}

/// Decides about an address as written. `hotline` is the organization's number: the only one to call.
#[must_use]
pub fn decide(text: &str, hotline: Option<&str>) -> Decision {
    if text.len() > LONGEST_BYTES || text.chars().any(is_suspicious) || hides_control(text) {
        return Decision::Refuse;
    }
    let scheme = text
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let decision = match scheme.as_str() {
        "https" => web(text, false),
        "http" => web(text, true),
        "mailto" => mail(text),
        "tel" => telephone(text, hotline),
        _ => None,
    };
    decision.unwrap_or(Decision::Refuse)
}

fn web(text: &str, insecure: bool) -> Option<Decision> {
    let (_, rest) = text.split_once("://")?;
    let written = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if written.starts_with('.') || written.is_empty() || written.contains('@') {
        return None;
    }
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.as_str().len() <= LONGEST_BYTES)?;
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    let named = matches!(url.host(), Some(Host::Domain(_)));
    let plain = named && !host.contains("xn--") && is_as_written(written, &host);
    Some(if plain && !insecure {
        Decision::Open(url.into())
    } else {
        Decision::Confirm {
            host,
            url: url.into(),
            insecure,
        }
    })
}

/// The host that would be opened is letter for letter the one that was read.
fn is_as_written(written: &str, host: &str) -> bool {
    let name = written.split(':').next().unwrap_or_default();
    name.eq_ignore_ascii_case(host)
}

/// One address, with a subject and a text at most: nothing that attaches a file or adds readers.
fn mail(text: &str) -> Option<Decision> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.as_str().len() <= LONGEST_BYTES)?;
    let (name, domain) = url.path().split_once('@')?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let sound = !name.is_empty()
        && !name.starts_with('-')
        && domain.contains('.')
        && name.chars().all(allowed)
        && domain
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    let harmless = url
        .query_pairs()
        .all(|(key, _)| key == "subject" || key == "body");
    let valued = url
        .query()
        .is_none_or(|query| query.split('&').all(|pair| pair.contains('=')));
    (sound && harmless && valued && url.fragment().is_none()).then(|| Decision::Open(url.into()))
}

fn telephone(text: &str, hotline: Option<&str>) -> Option<Decision> {
    let (_, written) = text.split_once(':')?;
    let number = digits(written)?;
    (Some(&number) == hotline.and_then(digits).as_ref())
        .then(|| Decision::Open(format!("tel:{number}")))
}

/// A telephone number without its spacing; none if it has anything else in it.
fn digits(number: &str) -> Option<String> {
    let bare: String = number
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
        .collect();
    let only_digits = bare.strip_prefix('+').unwrap_or(&bare);
    let sound =
        (3..=20).contains(&only_digits.len()) && only_digits.chars().all(|c| c.is_ascii_digit());
    sound.then_some(bare)
}

/// Characters no honest address carries unencoded: those that end a shell word or turn text around.
fn is_suspicious(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\\' | '"' | '<' | '>' | '|' | '^' | '`' | '{' | '}')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn hides_control(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).any(|w| {
        matches!(w, [b'%', b'0' | b'1', low] if low.is_ascii_hexdigit())
            || matches!(w, [b'%', b'7', b'f' | b'F'])
    })
}
