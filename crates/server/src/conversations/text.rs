//! What people write: what is taken, and how it is shortened for lists.

use deskbell_protocol::ErrorCode;
use deskbell_protocol::limits::TEXT_BYTES;

use crate::refusal::Refusal;

const SUBJECT_CHARS: usize = 120;
const PREVIEW_CHARS: usize = 160;

/// Takes a text that says something and is not too long.
///
/// # Errors
/// 413 when it is longer than a text may be, 422 when it is blank or holds a NUL, which no database
/// keeps.
pub fn check(field: &str, text: &str) -> Result<(), Refusal> {
    if text.len() > TEXT_BYTES {
        let detail = format!("Shorten the text to {TEXT_BYTES} bytes.");
        return Err(Refusal::new(ErrorCode::TooLarge, &detail));
    }
    if text.trim().is_empty() {
        return Err(Refusal::field(field, "Write something."));
    }
    if text.contains('\0') {
        return Err(Refusal::field(field, "Remove the NUL character."));
    }
    Ok(())
}

/// The text as searches compare it. Databases fold letters differently, so it is done here.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The first line that says something, shortened.
#[must_use]
pub fn subject(description: &str) -> String {
    let line = description
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty());
    shorten(line.unwrap_or_default(), SUBJECT_CHARS)
}

/// The text on one line, shortened for a list.
#[must_use]
pub fn preview(body: &str) -> String {
    // Enough to fill the preview, so that a long text is not walked to its end.
    let mut line = String::new();
    for word in body.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > PREVIEW_CHARS * 4 {
            break;
        }
    }
    shorten(&line, PREVIEW_CHARS)
}

fn shorten(text: &str, chars: usize) -> String {
    if text.chars().nth(chars).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_the_first_line_that_says_something() {
        assert_eq!(
            subject("\n  \n  Printer jams  \nIt is the one upstairs."),
            "Printer jams"
        );
        let long = subject(&"ä".repeat(500));
        assert_eq!(long.chars().count(), SUBJECT_CHARS);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn a_preview_is_one_line_of_at_most_160_characters() {
        assert_eq!(preview("one\n\n  two\tthree"), "one two three");
        assert_eq!(preview(&"x".repeat(16_000)).chars().count(), PREVIEW_CHARS);
        assert_eq!(
            preview(&"word ".repeat(16_000)).chars().count(),
            PREVIEW_CHARS
        );
    }

    #[test]
    fn a_text_is_neither_blank_nor_too_long() {
        assert!(check("body", "hello").is_ok());
        assert!(check("body", &"x".repeat(TEXT_BYTES)).is_ok());
        let code = |text: &str| check("body", text).unwrap_err().code();
        assert_eq!(code(&"x".repeat(TEXT_BYTES + 1)), ErrorCode::TooLarge);
        assert_eq!(code(" \n\t"), ErrorCode::InvalidField);
        assert_eq!(code("a\0b"), ErrorCode::InvalidField);
    }
}
