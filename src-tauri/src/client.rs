//! The headless client, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use deskbell_desktop::session::{self, Signal as SessionSignal};
use deskbell_desktop::{appearance, machine, memory};
use deskbell_messenger::settings::Settings;
use deskbell_messenger::{
    Client, MachineIdentity, OsEntropy, Ports, Setup, Signal, StartError, SystemClock,
};
use tauri::{AppHandle, Manager as _, Theme};
use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::doorway::Doorway;
use crate::keyring::Keyring;
use crate::places::Places;
use crate::shell::Desktop;
use crate::tray::Tray;
use crate::{instance, managed, toasts, window};

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
    settings: &Settings,
) -> anyhow::Result<()> {
    watch_termination(app.clone(), &runtime)?;
    let ports = ports(app, &runtime, places, arguments);
    let setup = setup(places, settings);
    let client = begin(app, &setup, &ports)?;
    runtime.spawn(watch_session(app.clone()));
    runtime.spawn(watch_appearance(app.clone()));
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
        places.data.clone(),
        arguments.again(),
    );
    Ports {
        shell: Arc::new(desktop),
        secrets: Arc::new(Keyring::of(&instance::identifier(&places.data))),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    }
}

fn setup(places: &Places, settings: &Settings) -> Setup {
    let machine = machine::identify();
    Setup {
        data_dir: places.data.clone(),
        config_dir: places.config.clone(),
        managed: settings.managed.clone(),
        server_argument: settings.server_argument.clone(),
        machine: MachineIdentity {
            host_name: machine.host_name,
            serial: machine.serial,
        },
        system_locale: managed::system_locale(),
        enlarged: window::was_enlarged(places),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

async fn watch_session(app: AppHandle) {
    session::watch(|signal| {
        tracing::info!(?signal, "the desktop session");
        let signal = match signal {
            SessionSignal::Woke => Signal::Woke,
            SessionSignal::Unlocked => Signal::Unlocked,
            SessionSignal::NetworkChanged => Signal::NetworkChanged,
            SessionSignal::Locked => Signal::Locked,
            SessionSignal::Ending => Signal::QuitRequested,
            SessionSignal::NewTaskbar => return show_tray_again(&app),
        };
        app.state::<Doorway>().signal(signal);
    })
    .await;
}

/// The icon itself comes again by itself, as it was when the taskbar last took a change.
fn show_tray_again(app: &AppHandle) {
    let shown = app.clone();
    let sent = app.run_on_main_thread(move || shown.state::<Tray>().show_again());
    if let Err(error) = sent {
        tracing::error!(%error, "the tray is not shown again");
    }
}

async fn watch_appearance(app: AppHandle) {
    appearance::watch(|dark| {
        app.set_theme(Some(if dark { Theme::Dark } else { Theme::Light }));
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
