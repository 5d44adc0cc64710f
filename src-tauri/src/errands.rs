//! What the installer has the installed program do: end those that run, forget the users.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use deskbell_desktop::{autostart, closing, folders};
use deskbell_messenger::secret::{ALL_SECRETS, SecretStore as _};

use crate::arguments::Arguments;
use crate::instance;
use crate::keyring::Keyring;

/// What a client may take to end by itself: it sends nothing more and closes its files.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the errand the arguments name, if they name one.
pub(crate) fn run(arguments: &Arguments) -> Option<ExitCode> {
    if arguments.quit {
        return Some(code(closing::end_others(PATIENCE).is_ok()));
    }
    arguments.forget_users.then(|| code(forget()))
}

fn code(done: bool) -> ExitCode {
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether nothing is left that the caller may take away.
fn forget() -> bool {
    let mut done = true;
    if let Some(own) = folders::data() {
        done &= forget_session(&own);
        if let Ok(program) = std::env::current_exe() {
            done &= autostart::set(false, &program, &[]).is_ok();
        }
    }
    autostart::forget_all();
    for folder in folders::data_of_all() {
        done &= match std::fs::remove_dir_all(&folder) {
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
            Ok(()) => true,
        };
    }
    done
}

/// The keyring's entries are named after the folder, so they go while the folder is there.
fn forget_session(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return true;
    };
    let keyring = Keyring::of(&instance::identifier(&folder));
    ALL_SECRETS
        .iter()
        .all(|secret| keyring.delete(secret).is_ok())
}
