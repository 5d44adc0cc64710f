//! The six digits that prove a challenge.

use std::fmt;

use deskbell_protocol::limits::CODE_DIGITS;

/// How many different codes there are.
const CODES: u32 = 1_000_000;
const _: () = assert!(CODE_DIGITS == 6, "as many codes as six digits can show");

/// A sign-in code. It never shows in logs: `Debug` hides it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Draws a code, every one equally likely, `000000` among them. `draw` gives random numbers;
    /// the server passes the operating system's generator ([`os_random`]).
    ///
    /// # Errors
    /// When `draw` fails.
    pub fn draw<E>(mut draw: impl FnMut() -> Result<u32, E>) -> Result<Self, E> {
        let fair_below = u32::MAX - u32::MAX % CODES;
        loop {
            let number = draw()?;
            if number < fair_below {
                return Ok(Self(format!(
                    "{:0width$}",
                    number % CODES,
                    width = CODE_DIGITS
                )));
            }
        }
    }

    /// What a person typed: exactly six ASCII digits, blanks and hyphens between them forgiven.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let whole = digits.len() == CODE_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        whole.then_some(Self(digits))
    }

    /// The digits, for the message to the person and for the proof; nowhere else.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(hidden)")
    }
}

/// A random number from the operating system's generator.
///
/// # Errors
/// When the operating system has none, which is fatal.
pub fn os_random() -> Result<u32, getrandom::Error> {
    getrandom::u32()
}

/// Random bytes from the operating system's generator.
///
/// # Errors
/// When the operating system has none, which is fatal.
pub fn os_random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn from_numbers(numbers: &[u32]) -> String {
        let mut rest = numbers.iter().copied();
        let drawn = Code::draw(|| Ok::<_, Infallible>(rest.next().unwrap())).unwrap();
        drawn.digits().to_owned()
    }

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(from_numbers(&[0]), "000000");
        assert_eq!(from_numbers(&[1_000_042]), "000042");
    }

    #[test]
    fn numbers_beyond_the_last_whole_million_are_drawn_again() {
        assert_eq!(from_numbers(&[u32::MAX, 4_294_000_000, 7]), "000007");
        assert_eq!(from_numbers(&[4_293_999_999]), "999999");
    }

    /// LOG-15: with 9 degrees of freedom a fair source exceeds 40 once in 130,000 runs per place.
    #[test]
    fn digits_of_100_000_codes_are_evenly_spread() {
        let mut seen = [[0_u32; 10]; CODE_DIGITS];
        for _ in 0..100_000 {
            let code = Code::draw(os_random).unwrap();
            for (place, digit) in code.digits().bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
        }
        for (place, counts) in seen.iter().enumerate() {
            let chi: f64 = counts
                .iter()
                .map(|&n| (f64::from(n) - 1e4).powi(2) / 1e4)
                .sum();
            assert!(
                chi < 40.0,
                "digit {place} is not uniform: chi-square {chi}, counts {counts:?}"
            );
        }
    }

    #[test]
    fn blanks_in_a_typed_code_are_forgiven_and_other_things_are_not() {
        assert_eq!(Code::typed(" 123 456 ").unwrap().digits(), "123456");
        assert_eq!(Code::typed("123-456").unwrap().digits(), "123456");
        for bad in ["12345", "1234567", "12345a", "", "١٢٣٤٥٦", "12345６"] {
            assert!(Code::typed(bad).is_none(), "{bad:?} was taken for a code");
        }
    }

    #[test]
    fn a_code_does_not_show_in_debug_output() {
        assert!(!format!("{:?}", Code::typed("123456")).contains("123456"));
    }
}
