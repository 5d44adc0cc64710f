//! Packages for those who run Debian or Ubuntu: the client's, and the server's.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::VERSION;
use crate::command::printed;

/// What is in a package, and what is said of it.
pub struct Package {
    /// Its name, and that of its one program.
    pub name: &'static str,
    depends: &'static str,
    recommends: &'static str,
    summary: &'static str,
    description: &'static str,
    /// Where from in the workspace, where to on the computer.
    files: &'static [(&'static str, &'static str)],
    /// What an update leaves as the administrator has written it.
    conffiles: &'static [&'static str],
    /// What `dpkg` runs: where from, which.
    scripts: &'static [(&'static str, &'static str)],
}

/// The client.
pub const CLIENT: Package = Package {
    name: "deskbell",
    depends: "libc6 (>= 2.34), ca-certificates, libgtk-3-0, libwebkit2gtk-4.1-0 (>= 2.41.90), \
              libayatana-appindicator3-1",
    recommends: "gnome-keyring | keepassxc, notification-daemon",
    summary: "support messenger in the system tray",
    description: "Ring the bell, and chat with your support desk.",
    files: &[
        (
            "installer/deskbell.desktop",
            "usr/share/applications/deskbell.desktop",
        ),
        (
            "installer/deskbell-autostart.desktop",
            "etc/xdg/autostart/deskbell.desktop",
        ),
        (
            "icons/app.svg",
            "usr/share/icons/hicolor/scalable/apps/deskbell.svg",
        ),
        (
            "icons/app-128.png",
            "usr/share/icons/hicolor/128x128/apps/deskbell.png",
        ),
        ("LICENSE", "usr/share/doc/deskbell/copyright"),
    ],
    conffiles: &["/etc/xdg/autostart/deskbell.desktop"],
    scripts: &[],
};

/// The server.
pub const SERVER: Package = Package {
    name: "deskbell-server",
    depends: "libc6 (>= 2.34), ca-certificates, systemd",
    recommends: "default-mta | mail-transport-agent",
    summary: "server of the support messenger Deskbell",
    description: "API, feed, ticketing and the technicians' console in one program.",
    files: &[
        (
            "packaging/server/deskbell-server.service",
            "lib/systemd/system/deskbell-server.service",
        ),
        (
            "packaging/server/sysusers.conf",
            "usr/lib/sysusers.d/deskbell-server.conf",
        ),
        (
            "packaging/server/deskbell-server.toml",
            "etc/deskbell/deskbell-server.toml",
        ),
        (
            "packaging/server/haproxy.cfg",
            "usr/share/doc/deskbell-server/examples/haproxy.cfg",
        ),
        (
            "docs/deskbell-server.example.toml",
            "usr/share/doc/deskbell-server/examples/deskbell-server.toml",
        ),
        ("docs/config.md", "usr/share/doc/deskbell-server/config.md"),
        (
            "docs/operate.md",
            "usr/share/doc/deskbell-server/operate.md",
        ),
        (
            "docs/operators.md",
            "usr/share/doc/deskbell-server/operators.md",
        ),
        ("LICENSE", "usr/share/doc/deskbell-server/copyright"),
    ],
    conffiles: &["/etc/deskbell/deskbell-server.toml"],
    scripts: &[
        ("packaging/server/postinst", "postinst"),
        ("packaging/server/prerm", "prerm"),
        ("packaging/server/postrm", "postrm"),
    ],
};

/// Packs the built program into `<name>_<version>_<architecture>.deb` in `out`, by way of `tree`, a
/// folder that is made anew.
pub fn pack(
    root: &Path,
    package: &Package,
    program: &Path,
    tree: &Path,
    out: &Path,
) -> Result<PathBuf> {
    let name = package.name;
    let _ = fs::remove_dir_all(tree);
    copy(program, &tree.join("usr/bin").join(name), 0o755)?;
    for (from, to) in package.files {
        copy(&root.join(from), &tree.join(to), 0o644)?;
    }
    for (from, script) in package.scripts {
        copy(&root.join(from), &tree.join("DEBIAN").join(script), 0o755)?;
    }
    let architecture = printed(Command::new("dpkg").arg("--print-architecture"))?;
    let architecture = architecture.trim();
    fs::create_dir_all(tree.join("DEBIAN"))?;
    let control = control(package, architecture, kib(tree)?);
    fs::write(tree.join("DEBIAN/control"), control)?;
    let conffiles: String = package
        .conffiles
        .iter()
        .map(|file| format!("{file}\n"))
        .collect();
    fs::write(tree.join("DEBIAN/conffiles"), conffiles)?;
    let packed = out.join(format!("{name}_{VERSION}_{architecture}.deb"));
    let mut build = Command::new("dpkg-deb");
    build.args(["--root-owner-group", "-Zxz", "--build"]);
    build.arg(tree).arg(&packed);
    printed(&mut build)?;
    Ok(packed)
}

fn control(package: &Package, architecture: &str, kib: u64) -> String {
    let Package {
        name,
        depends,
        recommends,
        summary,
        description,
        ..
    } = package;
    format!(
        "Package: {name}\nVersion: {VERSION}\nArchitecture: {architecture}\n\
         Maintainer: Deskbell <deskbell@example.invalid>\nInstalled-Size: {kib}\n\
         Depends: {depends}\nRecommends: {recommends}\nSection: net\nPriority: optional\n\
         Description: {summary}\n {description}\n"
    )
}

fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

/// What the tree takes on disk.
fn kib(tree: &Path) -> Result<u64> {
    let told = printed(Command::new("du").args(["-sk"]).arg(tree))?;
    let number = told.split_whitespace().next().context("du's number")?;
    Ok(number.parse()?)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    struct Packed {
        folder: TempDir,
        file: PathBuf,
    }

    fn packed(package: &Package) -> Packed {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("built");
        fs::write(&program, "a program").unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (tree, out) = (folder.path().join("tree"), folder.path());
        let file = pack(&root, package, &program, &tree, out).unwrap();
        Packed { folder, file }
    }

    impl Packed {
        fn told(&self, question: &str, rest: &[&str]) -> String {
            let mut ask = Command::new("dpkg-deb");
            ask.arg(question).arg(&self.file).args(rest);
            printed(&mut ask).unwrap()
        }

        /// Its files as they come onto the computer.
        fn unpacked(&self) -> PathBuf {
            let computer = self.folder.path().join("computer");
            self.told("--extract", &[computer.to_str().unwrap()]);
            computer
        }
    }

    #[test]
    fn the_clients_package_brings_program_menu_entry_autostart_and_icon() {
        let packed = packed(&CLIENT);
        let list = packed.told("--contents", &[]);
        for (mode, file) in [
            ("-rwxr-xr-x root/root", "./usr/bin/deskbell"),
            (
                "-rw-r--r-- root/root",
                "./usr/share/applications/deskbell.desktop",
            ),
            (
                "-rw-r--r-- root/root",
                "./etc/xdg/autostart/deskbell.desktop",
            ),
            (
                "-rw-r--r-- root/root",
                "./usr/share/icons/hicolor/scalable/apps/deskbell.svg",
            ),
        ] {
            let there = |line: &str| line.starts_with(mode) && line.ends_with(file);
            assert!(list.lines().any(there), "{mode} {file} is not in:\n{list}");
        }
        let fields = packed.told("--field", &[]);
        for line in ["Package: deskbell", &format!("Version: {VERSION}")] {
            assert!(fields.lines().any(|told| told == line), "{line}: {fields}");
        }
        let entry = packed
            .unpacked()
            .join("usr/share/applications/deskbell.desktop");
        let entry = fs::read_to_string(entry).unwrap();
        for line in [
            "Exec=deskbell --open %u",
            "Icon=deskbell",
            "MimeType=x-scheme-handler/deskbell;",
        ] {
            assert!(entry.lines().any(|told| told == line), "{line}: {entry}");
        }
    }

    #[test]
    fn the_servers_package_brings_a_unit_that_starts_its_program_with_its_configuration() {
        let packed = packed(&SERVER);
        let computer = packed.unpacked();
        let unit = computer.join("lib/systemd/system/deskbell-server.service");
        let unit = fs::read_to_string(unit).unwrap();
        let start = unit
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="));
        let words: Vec<&str> = start.unwrap().split(' ').collect();
        assert_eq!(words[1..3], ["serve", "--config"], "{words:?}");
        for file in [words[0], words[3]] {
            let file = computer.join(file.trim_start_matches('/'));
            assert!(file.exists(), "{} is not packed", file.display());
        }
        let control = packed.folder.path().join("control");
        packed.told("--control", &[control.to_str().unwrap()]);
        let kept = fs::read_to_string(control.join("conffiles")).unwrap();
        assert_eq!(kept, "/etc/deskbell/deskbell-server.toml\n");
        for script in ["postinst", "prerm", "postrm"] {
            let script = control.join(script);
            let mode = fs::metadata(&script).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o755, "{} runs", script.display());
            printed(Command::new("sh").arg("-n").arg(&script)).unwrap();
        }
    }
}
