//! Whole numbers as JSON knows them: `7.0` is as whole as `7` (JSON Schema, `integer`).

use serde::{Deserialize, Deserializer, de};

/// Largest whole number every JSON reader keeps exactly (2⁵³ − 1).
const EXACT: f64 = 9_007_199_254_740_991.0;

/// Reads a number of 0 or more without a fraction, up to what a signed 64-bit number holds.
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let exact = number
        .as_f64()
        .filter(|float| float.fract() == 0.0 && (0.0..=EXACT).contains(float));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it has no fraction and lies within what is exact"
    )]
    let whole = exact.map(|float| float as u64);
    let unfit = || de::Error::custom("expected a whole number of 0 or more");
    let storable = |number: &u64| i64::try_from(*number).is_ok();
    let number = number.as_u64().or(whole).filter(storable);
    number.ok_or_else(unfit)
}

#[cfg(test)]
mod tests {
    use crate::MarkRead;

    fn seq(json: &str) -> Option<u64> {
        let wish: Result<MarkRead, _> = serde_json::from_str(&format!(r#"{{"seq":{json}}}"#));
        wish.ok().map(|wish| wish.seq)
    }

    #[test]
    fn a_number_without_a_fraction_is_whole_however_it_is_written() {
        assert_eq!(seq("7"), Some(7));
        assert_eq!(seq("7.0"), Some(7));
        assert_eq!(seq("1e3"), Some(1000));
        assert_eq!(seq("9223372036854775807"), Some(i64::MAX as u64));
    }

    #[test]
    fn what_is_no_whole_number_of_0_or_more_is_refused() {
        let wrong = ["7.5", "-1", "-1.0", "1e300", "\"7\"", "null"];
        for wrong in wrong.into_iter().chain(["9223372036854775808"]) {
            assert_eq!(seq(wrong), None, "{wrong} was taken");
        }
    }
}
