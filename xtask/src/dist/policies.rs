//! The policy templates, as administrators copy them into their policy store.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::VERSION;
use crate::command::succeed;

/// Zips what lies in `installer/policies`.
pub fn pack(root: &Path, out: &Path) -> Result<()> {
    let zip = out.join(format!("deskbell-{VERSION}-policies.zip"));
    let _ = fs::remove_file(&zip);
    let mut command = Command::new("zip");
    command
        .current_dir(root.join("installer/policies"))
        .args(["-q", "-X", "-r"])
        .arg(zip)
        .arg(".");
    succeed(&mut command).context("zipping installer/policies")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::printed;

    #[test]
    fn the_zip_holds_the_templates_as_they_are_copied_into_the_policy_store() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let out = tempfile::tempdir().unwrap();
        pack(&root, out.path()).unwrap();
        let zip = out.path().join(format!("deskbell-{VERSION}-policies.zip"));
        let list = printed(Command::new("unzip").arg("-Z1").arg(zip)).unwrap();
        let mut files: Vec<&str> = list.lines().filter(|name| !name.ends_with('/')).collect();
        files.sort_unstable();
        assert_eq!(
            files,
            [
                "de-DE/deskbell.adml",
                "deskbell.admx",
                "en-US/deskbell.adml"
            ]
        );
    }
}
