//! The Credential Manager; what is kept does not roam to other machines.

use keyring_core::Result;

use super::Store;

pub(super) const MODIFIERS: [(&str, &str); 1] = [("persistence", "Local")];

pub(super) fn connect() -> Result<Store> {
    Ok(windows_native_keyring_store::Store::new()?)
}
