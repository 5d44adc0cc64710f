//! The headless client, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use deskbell_desktop::session::{self, Signal as SessionSignal};
use deskbell_desktop::{machine, memory, policy};
use deskbell_messenger::{
    Client, MachineIdentity, OsEntropy, Ports, Setup, Signal, StartError, SystemClock, settings,
};
use tauri::{AppHandle, Manager as _};
use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::doorway::Doorway;
use crate::keyring::Keyring;
use crate::places::Places;
use crate::shell::Desktop;
use crate::{instance, toasts};

/// How often the client is started anew after it failed in a way nobody foresaw.
const RESTARTS: u32 = 5;

/// When the start is over.
const SETTLED: Duration = Duration::from_secs(10);

/// Shows the tray, and runs the client on the runtime until it quits.
pub(crate) fn start(
    app: &AppHandle,
    runtime: Runtime,
    places: &Places,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    watch_termination(app.clone(), &runtime)?;
    let ports = ports(app, &runtime, places, arguments);
    let setup = setup(places, arguments.server.clone());
    let client = begin(app, &setup, &ports)?;
    runtime.spawn(watch_session(app.clone()));
    runtime.spawn(settle());
    let app = app.clone();
    std::thread::Builder::new()
        .name("client".to_owned())
        .spawn(move || {
            if !run(&runtime, client, || begin(&app, &setup, &ports)) {
                app.exit(1);
            }
        })
        .context("the client's thread does not start")?;
    Ok(())
}

fn begin(app: &AppHandle, setup: &Setup, ports: &Ports) -> Result<Client, StartError> {
    let (handle, client) = deskbell_messenger::start(setup.clone(), ports.clone())?;
    app.state::<Doorway>().connect(&handle);
    Ok(client)
}

/// Whether the client ended because it was meant to.
fn run(runtime: &Runtime, first: Client, again: impl Fn() -> Result<Client, StartError>) -> bool {
    let mut client = first;
    for _ in 0..=RESTARTS {
        let running = AssertUnwindSafe(|| runtime.block_on(client.run()));
        if catch_unwind(running).is_ok() {
            return true;
        }
        client = match again() {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "the client does not start anew");
                return false;
            }
        };
    }
    false
}

/// Once everything has started, much of what that took is not needed any more.
async fn settle() {
    tokio::time::sleep(SETTLED).await;
    memory::give_back();
}

fn ports(app: &AppHandle, runtime: &Runtime, places: &Places, arguments: &Arguments) -> Ports {
    let _entered = runtime.enter();
    let toaster = toasts::start(app.clone(), &places.pictures);
    let desktop = Desktop::new(
        app.clone(),
        toaster,
        runtime.handle().clone(),
        arguments.again(),
    );
    Ports {
        shell: Arc::new(desktop),
        secrets: Arc::new(Keyring::of(&instance::identifier(&places.data))),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    }
}

fn setup(places: &Places, server_argument: Option<String>) -> Setup {
    let machine = machine::identify();
    Setup {
        data_dir: places.data.clone(),
        config_dir: places.config.clone(),
        policy: managed(),
        server_argument,
        machine: MachineIdentity {
            host_name: machine.host_name,
            serial: machine.serial,
        },
        system_locale: sys_locale::get_locale().unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn managed() -> settings::Values {
    let (policy, faults) = policy::read();
    for fault in faults {
        tracing::error!(fault, "policy");
    }
    settings::Values {
        server_url: policy.server_url,
        autostart: policy.autostart,
        toasts: policy.toasts,
        toast_text: policy.toast_text,
        language: policy.language,
        theme: policy.theme,
    }
}

async fn watch_session(app: AppHandle) {
    session::watch(|signal| {
        let signal = match signal {
            SessionSignal::Woke => Signal::Woke,
            SessionSignal::Unlocked => Signal::Unlocked,
            SessionSignal::NetworkChanged => Signal::NetworkChanged,
            SessionSignal::Locked => Signal::Locked,
        };
        tracing::info!(?signal, "the desktop session");
        app.state::<Doorway>().signal(signal);
    })
    .await;
}

/// The system, or somebody at a terminal, asks the process to end. Listened for at once, heard
/// as soon as the runtime runs.
#[cfg(unix)]
fn watch_termination(app: AppHandle, runtime: &Runtime) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let _entered = runtime.enter();
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    runtime.spawn(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        app.state::<Doorway>().signal(Signal::QuitRequested);
    });
    Ok(())
}

/// The installer asks through the system; signing out ends the session's windows.
#[cfg(windows)]
fn watch_termination(app: AppHandle, _runtime: &Runtime) -> std::io::Result<()> {
    deskbell_desktop::closing::when_asked(move || {
        app.state::<Doorway>().signal(Signal::QuitRequested);
    })
}
