//! A value under the user's `Run` key.

use std::io;
use std::path::Path;

use windows_registry::{CURRENT_USER, USERS};

use crate::identity::{RUN_KEY, RUN_VALUE};

pub(super) fn enable(program: &Path, arguments: &[String]) -> io::Result<()> {
    let words: Vec<String> = std::iter::once(program.to_string_lossy().into_owned())
        .chain(arguments.iter().cloned())
        .map(|word| format!("\"{word}\""))
        .collect();
    CURRENT_USER
        .create(RUN_KEY)?
        .set_string(RUN_VALUE, words.join(" "))?;
    Ok(())
}

pub(super) fn disable() -> io::Result<()> {
    if is_enabled() {
        CURRENT_USER.create(RUN_KEY)?.remove_value(RUN_VALUE)?;
    }
    Ok(())
}

/// Only those who are signed in have their registry there, and only some may write others'.
pub(super) fn disable_for_all() {
    for user in USERS.keys().into_iter().flatten() {
        let run = format!(r"{user}\{RUN_KEY}");
        if let Ok(key) = USERS.options().write().open(&run) {
            let _ = key.remove_value(RUN_VALUE);
        }
    }
}

pub(super) fn is_enabled() -> bool {
    CURRENT_USER
        .open(RUN_KEY)
        .is_ok_and(|key| key.get_string(RUN_VALUE).is_ok())
}
