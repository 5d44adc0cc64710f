//! `cargo xtask dist`: what people install.

mod deb;
mod materials;
mod msi;
mod pe;
mod policies;
mod sign;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

pub use self::{msi::pack, pe::with_version, sign::Signing};
use crate::{
    command::{cargo, printed, succeed},
    packages::{self, For},
    ui, windows,
};

/// The version of everything here.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the MSI may weigh: it is sent to every computer of a company, often over a slow line. Most of
/// what it once weighed more came with features of dependencies that the client has no use for.
const LARGEST_MSI_BYTES: u64 = 5_000_000;

/// Builds, packs, signs and counts. Everything lies in `target/dist` afterwards.
pub fn run(root: &Path, yes: bool, signing: &Signing) -> Result<()> {
    signing.check()?;
    packages::install_missing(For::Distribution, yes)?;
    ui::build(root)?;
    let out = crate::target(root).join("dist");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out)?;
    for_windows(root, &out, signing)?;
    for_debian(root, &out)?;
    policies::pack(root, &out)?;
    materials::list(root, &out)?;
    report(&out)
}

fn for_windows(root: &Path, out: &Path, signing: &Signing) -> Result<()> {
    let built = windows::build(root, "dist")?;
    let stage = stage(&built, &crate::target(root).join("dist-stage"))?;
    let msi = pack(root, &stage, VERSION, out, signing)?;
    let exe = fs::metadata(stage.join("deskbell.exe"))?.len();
    println!("{exe:>12} bytes  deskbell.exe");
    let size = fs::metadata(msi)?.len();
    ensure!(
        size < LARGEST_MSI_BYTES,
        "the MSI is {size} bytes, {LARGEST_MSI_BYTES} are too many"
    );
    Ok(())
}

/// Both programs come from one build, for most of what they are made of is the same.
fn for_debian(root: &Path, out: &Path) -> Result<()> {
    let packages = [deb::CLIENT, deb::SERVER];
    let mut build = cargo(root);
    build.args(["build", "--release"]);
    for package in &packages {
        build.args(["-p", package.name, "--bin", package.name]);
    }
    succeed(&mut build)?;
    for package in packages {
        let program = crate::target(root).join("release").join(package.name);
        let tree = crate::target(root).join(format!("dist-deb-{}", package.name));
        deb::pack(root, &package, &program, &tree, out)?;
    }
    Ok(())
}

/// Copies the program and its library to where they are signed and packed.
pub fn stage(built: &Path, stage: &Path) -> Result<PathBuf> {
    let _ = fs::remove_dir_all(stage);
    fs::create_dir_all(stage)?;
    for name in ["deskbell.exe", "WebView2Loader.dll"] {
        fs::copy(built.join(name), stage.join(name)).with_context(|| format!("copying {name}"))?;
    }
    Ok(stage.to_owned())
}

/// Writes the checksums and says what everything weighs.
fn report(out: &Path) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(out)?.collect::<std::io::Result<_>>()?;
    files.retain(|file| file.path().is_file());
    files.sort_by_key(fs::DirEntry::file_name);
    let names = files.iter().map(fs::DirEntry::file_name);
    let sums = printed(
        Command::new("sha256sum")
            .current_dir(out)
            .arg("--")
            .args(names),
    )?;
    fs::write(out.join("SHA256SUMS"), sums)?;
    for file in &files {
        let bytes = file.metadata()?.len();
        println!("{bytes:>12} bytes  {}", file.path().display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_checksum_that_holds() {
        let out = tempfile::tempdir().unwrap();
        for name in ["a.msi", "b.deb"] {
            fs::write(out.path().join(name), name).unwrap();
        }
        report(out.path()).unwrap();
        let check = || {
            let mut check = Command::new("sha256sum");
            check
                .current_dir(out.path())
                .args(["--check", "--strict", "SHA256SUMS"]);
            printed(&mut check)
        };
        assert_eq!(check().unwrap(), "a.msi: OK\nb.deb: OK\n");
        fs::write(out.path().join("a.msi"), "another").unwrap();
        assert!(check().is_err(), "a changed file is told");
    }
}
