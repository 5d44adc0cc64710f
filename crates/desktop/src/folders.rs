//! Where things are kept.

use std::io;
use std::path::{Path, PathBuf};

/// The user's own folder for Deskbell on this machine: `$XDG_DATA_HOME/deskbell` on Linux,
/// `%LOCALAPPDATA%\Deskbell` on Windows (it does not roam). Absent when the user has no home.
#[must_use]
pub fn data() -> Option<PathBuf> {
    let name = if cfg!(windows) {
        "Deskbell"
    } else {
        "deskbell"
    };
    directories::BaseDirs::new().map(|folders| folders.data_local_dir().join(name))
}

/// What [`data`] is for each user of this computer, as far as the system knows them. A profile whose
/// folders lead elsewhere is left out, so that who may delete everything deletes nothing else.
#[cfg(windows)]
#[must_use]
pub fn data_of_all() -> Vec<PathBuf> {
    let local = |profile: PathBuf| {
        let roots = [profile.join("AppData"), profile.join(r"AppData\Local")];
        let plain = |folder: &PathBuf| {
            std::fs::symlink_metadata(folder).is_ok_and(|found| found.file_type().is_dir())
        };
        let [_, local] = &roots;
        roots.iter().all(plain).then(|| local.join("Deskbell"))
    };
    let mut folders: Vec<PathBuf> = profiles().into_iter().filter_map(local).collect();
    folders.extend(data());
    folders.sort();
    folders.dedup();
    folders
}

/// The users' own folders, from the list the system keeps.
#[cfg(windows)]
fn profiles() -> Vec<PathBuf> {
    const LIST: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
    let Ok(list) = windows_registry::LOCAL_MACHINE.open(LIST) else {
        return Vec::new();
    };
    let users = list.keys().into_iter().flatten();
    users
        .filter_map(|user| list.open(user).ok()?.get_string("ProfileImagePath").ok())
        .map(PathBuf::from)
        .collect()
}

/// The user's own folder for settings: `$XDG_CONFIG_HOME/deskbell` on Linux, [`data`] on Windows.
/// Absent when the user has no home.
#[must_use]
pub fn config() -> Option<PathBuf> {
    if cfg!(windows) {
        return data();
    }
    directories::BaseDirs::new().map(|folders| folders.config_dir().join("deskbell"))
}

/// The user's own folder for what need not outlive the session, where the system has one.
#[must_use]
pub fn runtime() -> Option<PathBuf> {
    let folders = directories::BaseDirs::new()?;
    folders
        .runtime_dir()
        .filter(|folder| folder.is_dir())
        .map(Path::to_owned)
}

/// Makes the folder, readable by this user alone where the system can express it.
///
/// # Errors
/// What the file system says.
pub fn make_private(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn nobody_else_can_read_the_data_folder() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/deskbell");
        super::make_private(&folder).unwrap();
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "the folder's mode is {mode:o}");
    }
}
