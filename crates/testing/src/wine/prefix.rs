//! Wine prefixes: one is prepared once per machine, the tests' are copied from it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::process::Program;

/// Counts what is done in [`prepare`], so that another recipe makes another template.
const RECIPE: u32 = 2;

/// Stands in for what Wine lacks.
const PRIMITIVES: &str = include_str!("primitives.c");

/// Carries what is answered in a toast from one process to another, as Windows itself can.
const ANSWERS: [(&str, &str); 2] = [
    ("answers.idl", include_str!("answers.idl")),
    ("answers.c", include_str!("answers.c")),
];

const BUILD_ANSWERS: [(&str, &str); 3] = [
    ("x86_64-w64-mingw32-widl", "--nostdinc -h -p -u answers.idl"),
    (
        "x86_64-w64-mingw32-widl",
        "--dlldata-only -o answers_dlldata.c answers",
    ),
    (
        "x86_64-w64-mingw32-gcc",
        "-Os -s -shared -o answers.dll answers.c -lrpcrt4 -luuid",
    ),
];

/// Registry values of every prefix: key, name, data.
const VALUES: &[(&str, &str, &str)] = &[
    (
        r"HKCU\Software\Wine\AppDefaults\deskbell.exe",
        "Version",
        "win81",
    ),
    (
        r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
        "pv",
        "130.0.2849.80",
    ),
];

/// Makes a prefix of its own at `prefix`. The variables are those the prefix will be used with.
pub async fn copy(prefix: &Path, variables: &[(String, String)]) -> Result<()> {
    let template = template(variables).await?;
    let script = r#"cp -al "$0" "$1" && cd "$1" && for file in *.reg; do
        cp --remove-destination "$0/$file" "$file"; done"#;
    let copied = Program::new("sh", prefix.parent().context("a folder")?)
        .args(["-c", script])
        .args([&template, prefix]);
    copied.run().await.map(drop)
}

/// The prepared prefix, made now if this machine has none. Only one process at a time makes it.
async fn template(variables: &[(String, String)]) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("deskbell-wine-{RECIPE}"));
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let ready = folder.join("ready");
    if !ready.exists() {
        let unfinished = folder.join("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        prepare(&folder, &unfinished, variables).await?;
        fs::rename(unfinished, &ready)?;
    }
    drop(lock);
    Ok(ready)
}

async fn prepare(folder: &Path, prefix: &Path, variables: &[(String, String)]) -> Result<()> {
    let home = folder.join("home");
    fs::create_dir_all(&home)?;
    let run = async |path: &str, arguments: &[&str]| {
        Program::new(path, folder)
            .args(arguments)
            .envs(variables.iter().cloned())
            .env("WINEPREFIX", prefix)
            .env("HOME", &home)
            .run()
            .await
    };
    fs::write(folder.join("primitives.c"), PRIMITIVES)?;
    let compile = [
        "-Os",
        "-s",
        "-shared",
        "-o",
        "primitives.dll",
        "primitives.c",
        "-ladvapi32",
    ];
    run("x86_64-w64-mingw32-gcc", &compile).await?;
    for (name, text) in ANSWERS {
        fs::write(folder.join(name), text)?;
    }
    for (program, words) in BUILD_ANSWERS {
        let words: Vec<&str> = words.split(' ').collect();
        run(program, &words).await?;
    }
    run("wine", &["wineboot", "--init"]).await?;
    let system = prefix.join("drive_c/windows/system32");
    fs::copy(
        folder.join("primitives.dll"),
        system.join("bcryptprimitives.dll"),
    )?;
    fs::copy(folder.join("answers.dll"), system.join("answers.dll"))?;
    run("wine", &["regsvr32", "/s", "answers.dll"]).await?;
    run("wine", &["winecfg", "-v", "win10"]).await?;
    for (key, name, data) in VALUES {
        run("wine", &["reg", "add", key, "/v", name, "/d", data, "/f"]).await?;
    }
    // It ends with 1 when the server is gone already, or slow to go.
    let _ = run("wineserver", &["-k"]).await;
    run("wineserver", &["-w"]).await?;
    own_folders(&prefix.join("drive_c/users"))
}

/// Wine lets the user's folders lead to those of the host, where all prefixes would meet.
fn own_folders(users: &Path) -> Result<()> {
    for entry in fs::read_dir(users)? {
        let path = entry?.path();
        if path.is_symlink() {
            fs::remove_file(&path)?;
            fs::create_dir(&path)?;
        } else if path.is_dir() {
            own_folders(&path)?;
        }
    }
    Ok(())
}
