//! E-mail addresses and phone numbers as people type them, made comparable.

/// Longest e-mail address (RFC 5321).
const EMAIL_BYTES: usize = 254;
/// Digits of an international number (E.164).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The address in the form it is stored and looked up in: trimmed and lower-case. `None` if it could not
/// be mailed to, or smuggles anything (line breaks, lists, display names) into a mail's head.
#[must_use]
pub fn email(typed: &str) -> Option<String> {
    let typed = typed.trim_matches(' ');
    let (local, domain) = typed.rsplit_once('@')?;
    let fits = typed.len() <= EMAIL_BYTES && local_part(local) && domain_part(domain);
    let mailable = fits && typed.parse::<lettre::Address>().is_ok();
    mailable.then(|| typed.to_lowercase())
}

fn local_part(local: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "\"(),:;<>@[\\]".contains(c);
    !local.is_empty() && local.len() <= 64 && !local.contains(odd)
}

fn domain_part(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-')
    };
    domain.split('.').all(label)
}

/// The number in E.164 (`+4915112345601`). Takes blanks, dots, hyphens, slashes and brackets between
/// digits and `00` for `+`. `None` without a country code: which country would be a guess.
#[must_use]
pub fn phone(typed: &str) -> Option<String> {
    let compact: String = typed.chars().filter(|c| !between_digits(*c)).collect();
    let digits = compact
        .strip_prefix('+')
        .or_else(|| compact.strip_prefix("00"))?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    (plain && PHONE_DIGITS.contains(&digits.len())).then(|| format!("+{digits}"))
}

fn between_digits(c: char) -> bool {
    c.is_whitespace() || "-./()\u{2010}\u{2011}\u{2013}\u{202d}\u{202c}".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_differ_in_case_and_blanks_only_on_screen() {
        assert_eq!(
            email(" Ana.Silva@HarbourFinch.example ").unwrap(),
            "ana.silva@harbourfinch.example"
        );
        assert_eq!(
            email("o'neil+desk@b.example").unwrap(),
            "o'neil+desk@b.example"
        );
        assert_eq!(email("a@bücher.example").unwrap(), "a@bücher.example");
    }

    /// LOG-18: no header of a mail can be written through an address.
    #[test]
    fn addresses_that_carry_more_than_an_address_are_refused() {
        let bad = [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b@c.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@b\nBcc:x",
            "a@b.example\0",
            "Ana <a@b.example>",
            "a@b.example,c@d.example",
            "a b@c.example",
            "\"a\"@b.example",
            "a@-b.example",
            "a@b..example",
            "a@[127.0.0.1]",
            "a@b.example\u{2028}",
        ];
        for address in bad {
            assert_eq!(email(address), None, "{address:?} was taken for an address");
        }
        assert_eq!(email(&format!("{}@b.example", "a".repeat(65))), None);
        assert_eq!(email(&format!("a@{}.example", "b.".repeat(130))), None);
    }

    #[test]
    fn a_number_is_the_same_however_it_is_spaced() {
        for typed in [
            "+4915112345601",
            "0049 151 12345601",
            "+49 (151) 123-456.01",
            "+49/151/12345601",
        ] {
            assert_eq!(phone(typed).as_deref(), Some("+4915112345601"), "{typed}");
        }
    }

    #[test]
    fn numbers_without_a_country_or_with_letters_are_refused() {
        for typed in [
            "015112345601",
            "+49151x",
            "+",
            "",
            "+0123456789",
            "+123456",
            "+1234567890123456",
        ] {
            assert_eq!(phone(typed), None, "{typed:?} was taken for a number");
        }
    }
}
