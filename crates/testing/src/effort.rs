//! How much a test of chance tries: as much as the suite has time for, or as `cargo xtask prove` asks for.

/// Names the variable that asks for more: `long`.
const EFFORT: &str = "DESKBELL_EFFORT";

/// `short` in the suite, `long` in `cargo xtask prove`.
pub fn effort<T>(short: T, long: T) -> T {
    let asked = std::env::var_os(EFFORT);
    if asked.is_some_and(|asked| asked == "long") {
        long
    } else {
        short
    }
}
