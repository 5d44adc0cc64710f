//! `deskbell policy` and `deskbell doctor`: questions that are answered in the terminal, with no
//! client and no window.

use std::io::Write as _;
use std::process::ExitCode;

use deskbell_desktop::console;
use deskbell_messenger::check::{self, server::Question};
use deskbell_messenger::secret::{KeptSession, SESSION_SECRET, SecretStore as _};
use deskbell_messenger::settings::report::Report;
use deskbell_messenger::settings::{Settings, table};
use deskbell_messenger::{SystemClock, check::CheckView};
use serde::Serialize;

use crate::arguments::{Arguments, Inquiry};
use crate::keyring::{self, Keyring};
use crate::places::Places;
use crate::{computer, instance, managed};

/// The exit code when there is no answer.
pub(crate) const NOT_ANSWERED: u8 = 3;

/// Answers, and gives the exit code: see `docs/it.md`.
pub(crate) fn answer(inquiry: &Inquiry, arguments: &Arguments) -> ExitCode {
    console::attach();
    let answered = match inquiry {
        Inquiry::Policy { json } => policy(arguments, *json),
        Inquiry::Doctor { json } => doctor(arguments, *json),
    };
    answered.map_or_else(
        |error| {
            eprintln!("deskbell: {error:#}");
            ExitCode::from(NOT_ANSWERED)
        },
        ExitCode::from,
    )
}

fn policy(arguments: &Arguments, json: bool) -> anyhow::Result<u8> {
    let places = Places::look(arguments.data_dir.as_deref())?;
    let settings = managed::settings(arguments, &places);
    let report = Report::of(&settings, env!("CARGO_PKG_VERSION"));
    print(json, &report, &report.text())?;
    Ok(u8::from(!report.faults.is_empty()))
}

fn doctor(arguments: &Arguments, json: bool) -> anyhow::Result<u8> {
    let places = Places::look(arguments.data_dir.as_deref())?;
    let settings = managed::settings(arguments, &places);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let view = runtime.block_on(look(&settings, &places));
    // A keyring or a bus that does not answer is not waited for.
    runtime.shutdown_background();
    print(json, &view, &view.report)?;
    Ok(view.result.exit_code())
}

async fn look(settings: &Settings, places: &Places) -> CheckView {
    let question = Question {
        address: settings.text(&table::SERVER_URL),
        proxy: settings.proxy(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        session: kept_session(places).await,
    };
    let faults = settings.managed.faults.clone();
    let desktop = computer::facts(places.data.clone());
    let tag = managed::locale(settings);
    Box::pin(check::run(&question, faults, desktop, &SystemClock, &tag)).await
}

/// The session that the client with this folder keeps.
async fn kept_session(places: &Places) -> Option<KeptSession> {
    let keyring = Keyring::of(&instance::identifier(&places.data));
    let read = tokio::task::spawn_blocking(move || keyring.get(SESSION_SECRET));
    let kept = tokio::time::timeout(keyring::PATIENCE, read)
        .await
        .ok()?
        .ok()?
        .ok()??;
    KeptSession::from_text(&kept)
}

fn print(json: bool, answer: &impl Serialize, text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, answer)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(out.flush()?)
}
