//! What the program and the MSI for Windows carry, read from the files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::Read as _,
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, ensure};
use deskbell_desktop::identity;
use deskbell_tests::packages::{self, VERSION};
use goblin::pe::{PE, resource::ResourceData};

/// Bits of a program's `DllCharacteristics`.
const HIGH_ENTROPY_ADDRESSES: u16 = 0x20;
const MOVABLE: u16 = 0x40;
const DATA_IS_NOT_CODE: u16 = 0x100;

/// A program that has windows and no console.
const WINDOWS_PROGRAM: u16 = 2;

/// Bits of a custom action's type.
const SETS_A_PROPERTY: i32 = 51;
const KIND: i32 = 0x3f;
const RUNS_AN_INSTALLED_FILE: i32 = 18;
const DEFERRED: i32 = 0x400;
const AS_THE_SYSTEM: i32 = 0x800;

/// A row, by its columns' names.
type Row = BTreeMap<String, String>;

/// All rows of a table.
fn table(msi: &Path, name: &str) -> Result<Vec<Row>> {
    let mut package = msi::Package::open(File::open(msi)?)?;
    let rows = package.select_rows(msi::Select::table(name))?;
    let text = |value: &msi::Value| match value {
        msi::Value::Null | msi::Value::Binary => String::new(),
        msi::Value::Int(number) => number.to_string(),
        msi::Value::Str(text) => text.clone(),
    };
    let rows = rows.map(|row| {
        let columns = row.columns().iter().map(msi::Column::name).enumerate();
        columns
            .map(|(n, column)| (column.to_owned(), text(&row[n])))
            .collect()
    });
    Ok(rows.collect())
}

/// Two columns of a table, as pairs.
fn pairs(msi: &Path, name: &str, key: &str, value: &str) -> Result<BTreeMap<String, String>> {
    let rows = table(msi, name)?;
    let cell = |row: &Row, column: &str| row.get(column).cloned().unwrap_or_default();
    Ok(rows
        .iter()
        .map(|row| (cell(row, key), cell(row, value)))
        .collect())
}

/// INST-06. mingw's linker has no control flow guard, so that bit is not asked for.
#[test]
fn the_program_lies_anywhere_in_memory_and_runs_no_data() -> Result<()> {
    for name in ["deskbell.exe", "WebView2Loader.dll"] {
        let file = fs::read(packages::packed(name)?)?;
        let header = PE::parse(&file)?
            .header
            .optional_header
            .context("a header")?;
        let found = header.windows_fields.dll_characteristics;
        let wanted = HIGH_ENTROPY_ADDRESSES | MOVABLE | DATA_IS_NOT_CODE;
        assert_eq!(found & wanted, wanted, "{name} has {found:#x}");
    }
    Ok(())
}

#[test]
fn the_program_opens_no_console_and_needs_only_what_windows_has() -> Result<()> {
    let file = fs::read(packages::packed("deskbell.exe")?)?;
    let program = PE::parse(&file)?;
    let header = program.header.optional_header.context("a header")?;
    assert_eq!(header.windows_fields.subsystem, WINDOWS_PROGRAM);
    let ours = ["gcc", "stdc++", "winpthread", "ssp"];
    let strange: Vec<&&str> = program
        .libraries
        .iter()
        .filter(|library| ours.iter().any(|part| library.contains(part)))
        .collect();
    assert!(strange.is_empty(), "Windows has no {strange:?}");
    Ok(())
}

#[test]
fn the_program_says_what_it_is_and_how_it_wants_to_run() -> Result<()> {
    let file = fs::read(packages::packed("deskbell.exe")?)?;
    let program = PE::parse(&file)?;
    let resources: &ResourceData = program.resource_data.as_ref().context("resources")?;
    let version = resources.version_info.as_ref().context("a version")?;
    let told = &version.string_info;
    assert_eq!(told.file_version().as_deref(), Some(VERSION));
    assert_eq!(told.product_name().as_deref(), Some("Deskbell"));
    assert_eq!(told.company_name().as_deref(), Some("Deskbell"));
    let manifest = resources.manifest_data.as_ref().context("a manifest")?;
    let manifest = String::from_utf8_lossy(manifest.data);
    for wish in [
        "PerMonitorV2",
        "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}",
        "<longPathAware xmlns=\"http://schemas.microsoft.com/SMI/2016/WindowsSettings\">true",
        "level=\"asInvoker\"",
    ] {
        assert!(manifest.contains(wish), "{wish} is not in:\n{manifest}");
    }
    Ok(())
}

/// INST-01
#[test]
fn the_installer_runs_nothing_but_the_installed_client_as_who_called_it() -> Result<()> {
    let msi = packages::msi()?;
    let mut commands = BTreeSet::new();
    for action in table(&msi, "CustomAction")? {
        let (name, kind) = (&action["Action"], action["Type"].parse::<i32>()?);
        assert_eq!(
            kind & (DEFERRED | AS_THE_SYSTEM),
            0,
            "{name} runs as the system"
        );
        if kind & KIND == SETS_A_PROPERTY {
            continue;
        }
        assert_eq!(
            kind & KIND,
            RUNS_AN_INSTALLED_FILE,
            "{name} is of type {kind}"
        );
        assert_eq!(action["Source"], "DeskbellExe", "{name} runs another file");
        commands.insert(action["Target"].clone());
    }
    let known = ["", "--forget-users", "--quit"].map(str::to_owned);
    assert_eq!(commands, BTreeSet::from(known));
    let has_programs = msi::Package::open(File::open(&msi)?)?.has_table("Binary");
    let programs = if has_programs {
        table(&msi, "Binary")?
    } else {
        Vec::new()
    };
    assert!(
        programs.is_empty(),
        "it brings programs of its own: {programs:?}"
    );
    Ok(())
}

/// INST-08
#[test]
fn a_missing_runtime_is_told_and_never_downloaded() -> Result<()> {
    let conditions = pairs(
        &packages::msi()?,
        "LaunchCondition",
        "Condition",
        "Description",
    )?;
    let told = |word: &str| {
        conditions
            .iter()
            .find(|(condition, _)| condition.contains(word))
    };
    let (_, remedy) = told("WEBVIEW2_MACHINE").context("no condition on the runtime")?;
    assert!(remedy.contains("Install it first"), "{remedy}");
    let (condition, remedy) = told("WINDOWS_BUILD").context("no condition on Windows")?;
    assert!(condition.contains("17763"), "{condition}");
    assert!(remedy.contains("Update Windows"), "{remedy}");
    Ok(())
}

#[test]
fn no_command_line_moves_the_program_out_of_program_files() -> Result<()> {
    let msi = packages::msi()?;
    let parents = pairs(&msi, "Directory", "Directory", "Directory_Parent")?;
    assert_eq!(parents["InstallFolder"], "ProgramFiles64Folder");
    let features = table(&msi, "Feature")?;
    let movable = features
        .iter()
        .find(|feature| !feature["Directory_"].is_empty());
    assert_eq!(movable, None, "a feature's folder can be chosen");
    for component in table(&msi, "Component")? {
        assert_eq!(component["Directory_"], "InstallFolder", "{component:?}");
        let attributes = component["Attributes"].parse::<i32>()?;
        assert_ne!(attributes & 0x100, 0, "{component:?} is not for 64 bit");
    }
    Ok(())
}

#[test]
fn an_upgrade_keeps_the_program_although_both_versions_have_it() -> Result<()> {
    let msi = packages::msi()?;
    let versions = pairs(&msi, "File", "File", "Version")?;
    assert_eq!(versions["DeskbellExe"], format!("{VERSION}.0"));
    assert_ne!(versions["WebView2LoaderDll"], "");
    let hashes = pairs(&msi, "MsiFileHash", "File_", "Options")?;
    assert!(
        !hashes.contains_key("DeskbellExe"),
        "a versioned file has a hash: {hashes:?}"
    );
    let rows = table(&msi, "InstallExecuteSequence")?;
    let place = |action: &str| -> Result<i32> {
        let row = rows.iter().find(|row| row["Action"] == action);
        Ok(row.with_context(|| action.to_owned())?["Sequence"].parse()?)
    };
    let removal = place("RemoveExistingProducts")?;
    assert!(place("InstallInitialize")? < removal && removal < place("ProcessComponents")?);
    assert!(place("QuitClients")? < place("InstallInitialize")?);
    Ok(())
}

#[test]
fn every_public_property_reaches_the_installing_service() -> Result<()> {
    let properties = pairs(&packages::msi()?, "Property", "Property", "Value")?;
    let secure: BTreeSet<&str> = properties["SecureCustomProperties"].split(';').collect();
    for name in [
        "SERVER_URL",
        "ORG",
        "AUTOSTART",
        "DESKTOP_SHORTCUT",
        "LAUNCH",
        "KIOSK",
        "WEBVIEW2CHECK",
        "KEEPDATA",
        "WIX_UPGRADE_DETECTED",
        "WIX_DOWNGRADE_DETECTED",
    ] {
        assert!(secure.contains(name), "{name} is not in {secure:?}");
        assert!(
            !properties.contains_key(name),
            "{name} has a value that none has chosen"
        );
    }
    assert_eq!(properties["ALLUSERS"], "1", "it installs for all users");
    Ok(())
}

#[test]
fn the_shortcut_and_the_registry_name_the_app_as_the_client_does() -> Result<()> {
    let msi = packages::msi()?;
    let properties = table(&msi, "MsiShortcutProperty")?;
    for shortcut in ["StartMenu", "Desktop"] {
        let of = |key: &str| {
            let row = properties
                .iter()
                .find(|row| row["Shortcut_"] == shortcut && row["PropertyKey"] == key);
            row.map(|row| row["PropVariantValue"].as_str())
        };
        let activator = of("System.AppUserModel.ToastActivatorCLSID");
        assert_eq!(of("System.AppUserModel.ID"), Some(identity::APP_ID));
        assert_eq!(activator, Some(identity::TOAST_ACTIVATOR));
    }
    let registry = table(&msi, "Registry")?;
    let value = |key: String, name: &str| {
        let row = registry
            .iter()
            .find(|row| row["Key"] == key && row["Name"] == name);
        row.map(|row| row["Value"].clone())
            .with_context(|| format!("{key}: {name}"))
    };
    let activator = value(identity::app_key(), "CustomActivator")?;
    assert_eq!(activator, identity::TOAST_ACTIVATOR);
    let server = value(identity::activator_key() + r"\LocalServer32", "")?;
    assert_eq!(
        server,
        format!("\"[#DeskbellExe]\" {}", identity::TOAST_ARGUMENT)
    );
    value(identity::scheme_key(), "URL Protocol")?;
    value(identity::INSTALLED_KEY.to_owned(), "ServerUrl")?;
    value(identity::RUN_KEY.to_owned(), identity::RUN_VALUE)?;
    Ok(())
}

#[test]
fn what_is_installed_is_what_was_signed() -> Result<()> {
    let mut package = msi::Package::open(File::open(packages::msi()?)?)?;
    let name = package
        .streams()
        .find(|name| name.ends_with(".cab"))
        .context("a cabinet")?;
    let mut cabinet = cab::Cabinet::new(package.read_stream(&name)?)?;
    for (id, name) in [
        ("DeskbellExe", "deskbell.exe"),
        ("WebView2LoaderDll", "WebView2Loader.dll"),
    ] {
        let mut packed = Vec::new();
        cabinet.read_file(id)?.read_to_end(&mut packed)?;
        let signed = fs::read(packages::packed(name)?)?;
        assert!(packed == signed, "{name} in the MSI is another file");
    }
    Ok(())
}

/// INST-10, with a certificate of the tests' own.
#[test]
fn the_program_its_library_and_the_installer_are_signed() -> Result<()> {
    for file in [
        packages::packed("deskbell.exe")?,
        packages::packed("WebView2Loader.dll")?,
        packages::msi()?,
    ] {
        let mut verify = Command::new("osslsigncode");
        verify
            .arg("verify")
            .arg("-CAfile")
            .arg(packages::certificate()?);
        let told = verify.arg("-in").arg(&file).output()?;
        let text = String::from_utf8_lossy(&told.stdout);
        ensure!(told.status.success(), "{}: {text}", file.display());
        ensure!(
            text.contains("Deskbell tests"),
            "{}: {text}",
            file.display()
        );
    }
    Ok(())
}
