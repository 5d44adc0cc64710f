//! By what names systems know Deskbell. The program, the installer and the checks share them.

use std::path::Path;

/// The application user model id: of the process, of its shortcut and of its toasts.
pub const APP_ID: &str = "Deskbell.Client";

/// The class that Windows asks for when somebody replies in a toast, as the registry writes it.
pub const TOAST_ACTIVATOR: &str = "{8B1B1F2A-6A0E-4E9A-9C55-3E1C5B6C7D01}";

/// Follows the program's path in the class's `LocalServer32`; the system adds [`EMBEDDING`].
pub const TOAST_ARGUMENT: &str = "-ToastActivated";

/// What the system adds when it starts a program for one of its classes.
pub const EMBEDDING: &str = "-Embedding";

/// The service under which the keyring files what it keeps.
pub const KEYRING_SERVICE: &str = "dev.deskbell.client";

/// The scheme of addresses that lead into the client.
pub const SCHEME: &str = "deskbell";

/// Where policies lie, under the machine's root and the user's.
pub const POLICY_KEY: &str = r"Software\Policies\Deskbell";

/// What was chosen when it was installed, under the machine's root.
pub const INSTALLED_KEY: &str = r"Software\Deskbell";

/// What starts with the desktop session, under the machine's root and the user's.
pub const RUN_KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

/// The value of ours under [`RUN_KEY`].
pub const RUN_VALUE: &str = "Deskbell";

/// The name, picture and activator of the toasts' app, under either root.
#[must_use]
pub fn app_key() -> String {
    format!(r"Software\Classes\AppUserModelId\{APP_ID}")
}

/// The toast activator's class, under either root; `LocalServer32` is a key below it.
#[must_use]
pub fn activator_key() -> String {
    format!(r"Software\Classes\CLSID\{TOAST_ACTIVATOR}")
}

/// The scheme's key, under either root; the command is in `shell\open\command` below it.
#[must_use]
pub fn scheme_key() -> String {
    format!(r"Software\Classes\{SCHEME}")
}

/// The name of the client with this data folder, which is absolute and without links. Clients with
/// the same folder find each other by it; it is the same in every version.
#[must_use]
pub fn client(data_folder: &Path) -> String {
    format!(
        "dev.deskbell.client.i{:016x}",
        fingerprint(data_folder.as_os_str().as_encoded_bytes())
    )
}

/// The keyring's entry for a secret of this client.
#[must_use]
pub fn keyring_user(secret: &str, client: &str) -> String {
    format!("{secret}@{client}")
}

/// FNV-1a: the same in every version, which the standard library's hash is not.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::client;

    #[test]
    fn another_folder_is_another_client_and_the_name_outlives_versions() {
        let home = client(Path::new("/home/ana/.local/share/deskbell"));
        assert_eq!(home, "dev.deskbell.client.ic6aee75d21c8b749");
        assert_ne!(home, client(Path::new("/home/ana/elsewhere")));
    }
}
