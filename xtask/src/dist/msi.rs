//! The MSI: wixl makes it from `installer/deskbell.wxs`, SQL adds what wixl cannot say.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use super::{
    pe,
    sign::{Signing, sign},
};
use crate::command::printed;

/// Where product codes come from: one version, one code.
const PRODUCTS: Uuid = Uuid::from_u128(0x7a4c_4e63_0f0b_4c5d_8e0b_6c1b_7c2b_9e51);

/// What Windows calls English (United States), the language of the program's resources.
const ENGLISH: &str = "1033";

/// Files with a version, as the MSI calls them and as they are named.
const VERSIONED: [(&str, &str); 2] = [
    ("DeskbellExe", "deskbell.exe"),
    ("WebView2LoaderDll", "WebView2Loader.dll"),
];

/// Which component is installed when.
const CONDITIONS: [(&str, &str); 5] = [
    ("ServerUrl", "SERVER_URL"),
    ("Organization", "ORG"),
    ("Kiosk", r#"KIOSK="1""#),
    ("Run", r#"AUTOSTART="1""#),
    ("DesktopShortcut", r#"DESKTOP_SHORTCUT="1""#),
];

/// What may be given on the command line, and reaches the part that runs as the system.
const PUBLIC: &str = "WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVER_URL;ORG;AUTOSTART;\
                      DESKTOP_SHORTCUT;LAUNCH;KIOSK;WEBVIEW2CHECK;KEEPDATA";

/// What toasts are shown under, and who answers them: `deskbell_desktop` has the same.
const SHORTCUT_PROPERTIES: [(&str, &str); 2] = [
    ("System.AppUserModel.ID", "Deskbell.Client"),
    (
        "System.AppUserModel.ToastActivatorCLSID",
        "{8B1B1F2A-6A0E-4E9A-9C55-3E1C5B6C7D01}",
    ),
];

/// Packs what lies in `stage` (`deskbell.exe` and `WebView2Loader.dll`) into
/// `deskbell-<version>-x64.msi` in `out`: signs those first and the MSI last.
pub fn pack(
    root: &Path,
    stage: &Path,
    version: &str,
    out: &Path,
    signing: &Signing,
) -> Result<PathBuf> {
    for (_, name) in VERSIONED {
        sign(signing, &stage.join(name))?;
    }
    let others = [
        ("icons/app.ico", "app.ico"),
        ("icons/app-128.png", "deskbell.png"),
        ("installer/deskbell.wxs", "deskbell.wxs"),
    ];
    for (from, to) in others {
        fs::copy(root.join(from), stage.join(to)).with_context(|| format!("copying {from}"))?;
    }
    let msi = out.join(format!("deskbell-{version}-x64.msi"));
    let _ = fs::remove_file(&msi);
    compile(stage, version, &msi)?;
    for statement in statements(stage)? {
        query(&msi, &statement)?;
    }
    sign(signing, &msi)?;
    Ok(msi)
}

/// wixl takes names relative to where it runs, and only warns of attributes it does not know.
fn compile(stage: &Path, version: &str, msi: &Path) -> Result<()> {
    let product = Uuid::new_v5(&PRODUCTS, version.as_bytes());
    let output = Command::new("wixl")
        .current_dir(stage)
        .args(["--arch", "x64", "--define"])
        .arg(format!("Version={version}"))
        .arg("--define")
        .arg(format!(
            "ProductCode={}",
            product.to_string().to_uppercase()
        ))
        .arg("--output")
        .arg(msi)
        .arg("deskbell.wxs")
        .output()
        .context("starting wixl")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success() && !told.contains("has no property named"),
        "wixl: {told}"
    );
    Ok(())
}

fn statements(stage: &Path) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    // Without a version here Windows takes the file away in an upgrade; with one it wants no hash.
    for (id, name) in VERSIONED {
        let version = pe::version(&fs::read(stage.join(name))?).with_context(|| name.to_owned())?;
        let [a, b, c, d] = version;
        statements.push(format!(
            "UPDATE `File` SET `Version`='{a}.{b}.{c}.{d}', `Language`='{ENGLISH}' WHERE `File`='{id}'"
        ));
        statements.push(format!("DELETE FROM `MsiFileHash` WHERE `File_`='{id}'"));
    }
    statements.extend(CONDITIONS.map(|(component, condition)| {
        format!("UPDATE `Component` SET `Condition`='{condition}' WHERE `Component`='{component}'")
    }));
    statements.push(format!(
        "UPDATE `Property` SET `Value`='{PUBLIC}' WHERE `Property`='SecureCustomProperties'"
    ));
    statements.push(
        "CREATE TABLE `MsiShortcutProperty` (`MsiShortcutProperty` CHAR(72) NOT NULL, \
         `Shortcut_` CHAR(72) NOT NULL, `PropertyKey` CHAR(0) NOT NULL, \
         `PropVariantValue` CHAR(0) NOT NULL PRIMARY KEY `MsiShortcutProperty`)"
            .to_owned(),
    );
    for shortcut in ["StartMenu", "Desktop"] {
        statements.extend(SHORTCUT_PROPERTIES.iter().enumerate().map(|(n, (key, value))| {
            format!(
                "INSERT INTO `MsiShortcutProperty` (`MsiShortcutProperty`, `Shortcut_`, `PropertyKey`, \
                 `PropVariantValue`) VALUES ('{shortcut}{n}', '{shortcut}', '{key}', '{value}')"
            )
        }));
    }
    Ok(statements)
}

fn query(msi: &Path, statement: &str) -> Result<()> {
    let mut command = Command::new("msibuild");
    command.arg(msi).args(["-q", statement]);
    printed(&mut command)
        .map(drop)
        .with_context(|| statement.to_owned())
}
