//! The headless client, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::Context as _;
use deskbell_desktop::session::{self, Signal as SessionSignal};
use deskbell_desktop::{machine, policy};
use deskbell_messenger::{MachineIdentity, OsEntropy, Ports, Setup, Signal, SystemClock, settings};
use tauri::{AppHandle, Manager as _};
use tokio::runtime::Runtime;

use crate::doorway::Doorway;
use crate::keyring::Keyring;
use crate::places::Places;
use crate::shell::Desktop;
use crate::{instance, toasts};

/// How often the client is started anew after it failed in a way nobody foresaw.
const RESTARTS: u32 = 5;

/// Shows the tray, and runs the client on the runtime until it quits.
pub(crate) fn start(
    app: &AppHandle,
    runtime: Runtime,
    places: &Places,
    server: Option<String>,
) -> anyhow::Result<()> {
    let ports = ports(app, &runtime, places);
    let setup = setup(places, server);
    let (handle, client) = deskbell_messenger::start(setup.clone(), ports.clone())?;
    app.state::<Doorway>().connect(&handle);
    runtime.spawn(watch_session(app.clone()));
    let app = app.clone();
    let thread = std::thread::Builder::new().name("client".to_owned());
    thread
        .spawn(move || {
            let mut next = Some(client);
            for _ in 0..RESTARTS {
                let Some(client) = next.take() else { break };
                let run = AssertUnwindSafe(|| runtime.block_on(client.run()));
                if catch_unwind(run).is_ok() {
                    return;
                }
                tracing::error!("the client is started anew");
                next = deskbell_messenger::start(setup.clone(), ports.clone())
                    .inspect_err(|error| tracing::error!(%error, "the client does not start"))
                    .ok()
                    .map(|(handle, client)| {
                        app.state::<Doorway>().connect(&handle);
                        client
                    });
            }
            app.exit(1);
        })
        .context("the client's thread does not start")?;
    Ok(())
}

fn ports(app: &AppHandle, runtime: &Runtime, places: &Places) -> Ports {
    let _entered = runtime.enter();
    let toaster = toasts::start(app.clone(), &places.data);
    Ports {
        shell: Arc::new(Desktop::new(app.clone(), toaster, runtime.handle().clone())),
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
            SessionSignal::Locked => return,
        };
        app.state::<Doorway>().signal(signal);
    })
    .await;
}
