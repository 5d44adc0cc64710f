//! The client at rest on Windows, as far as Wine shows it: the process alone, without the parts of the
//! system that Wine runs beside it, and the least that other programs in a tray take.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use deskbell_testing::{wait::eventually, wine::Wine};
use tokio::time::sleep;

use crate::{
    report::{Figure, median},
    usage,
};

const RUNS: usize = 3;

/// Time for what a start leaves behind to settle.
const SETTLED: Duration = Duration::from_secs(20);

const AT_REST: &str = "on Windows (Wine): memory at rest";

/// Where they run, all under the client's name: Wine says by name which Windows it is.
const PLACE: &str = r"C:\rest";

pub async fn measure() -> Result<Vec<Figure>> {
    let programs = env::var_os("DESKBELL_WINDOWS_PROGRAMS").map(PathBuf::from);
    let programs = programs.context("`cargo xtask bench` builds them")?;
    let figure = async |name: &str, program: &str| -> Result<Figure> {
        let program = programs.join(program);
        let mut taken = Vec::new();
        for _ in 0..RUNS {
            taken.push(at_rest(&program).await?);
        }
        Ok(Figure::new(name, median(&taken), "MiB", RUNS))
    };
    Ok(vec![
        figure(AT_REST, "deskbell.exe").await?.at_most(40.0),
        figure("a bare Tauri tray on Windows (Wine)", "bare_tray.exe")
            .await?
            .beside(AT_REST),
        figure("a plain Win32 tray (Wine)", "plain_tray.exe")
            .await?
            .beside(AT_REST),
    ])
}

async fn at_rest(program: &Path) -> Result<f64> {
    let wine = Wine::start().await?;
    let place = wine.path(PLACE);
    fs::create_dir_all(&place)?;
    fs::copy(program, place.join("deskbell.exe"))?;
    let loader = program.with_file_name("WebView2Loader.dll");
    fs::copy(loader, place.join("WebView2Loader.dll"))?;
    let _process = wine.program(format!(r"{PLACE}\deskbell.exe")).start()?;
    eventually("the icon in Wine's tray", async || {
        let windows = wine.windows().await?;
        ensure!(windows == ["Wine System Tray"], "{windows:?}");
        Ok(())
    })
    .await?;
    sleep(SETTLED).await;
    let mut kib = 0;
    for process in wine.running(r"rest\deskbell.exe")? {
        kib += usage::pss_kib(process)?;
    }
    ensure!(kib > 0, "it has ended");
    Ok(f64::from(kib) / 1024.0)
}
