//! Puts the parts together and runs them.

use std::process::ExitCode;

use deskbell_messenger::Signal;
use deskbell_messenger::settings::Settings;
use deskbell_messenger::shell::TrayAction;
use tauri::{AppHandle, Context, Manager as _, RunEvent};
use tokio::runtime::{Builder, Runtime};

use crate::arguments::Arguments;
use crate::doorway::Doorway;
use crate::places::Places;
use crate::tray::Tray;
use crate::window::Window;
use crate::{client, instance, ipc};

/// Runs until the user quits.
pub(crate) fn run(
    arguments: Arguments,
    places: Places,
    settings: Settings,
) -> anyhow::Result<ExitCode> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let mut context: Context = tauri::generate_context!();
    context.config_mut().identifier = instance::identifier(&places.data);
    let again = arguments.again();
    let built = tauri::Builder::default()
        .manage(Doorway::default())
        .plugin(instance::plugin(&context.config().identifier))
        .invoke_handler(tauri::generate_handler![ipc::command])
        .setup(move |app| Ok(start(app.handle(), runtime, &places, arguments, &settings)?))
        .build(context);
    if let Err(tauri::Error::PluginInitialization(_, why)) = &built {
        return Err(instance::begin_anew(why));
    }
    let app = built?;
    let handle = app.handle().clone();
    let code = app.run_return(on_event);
    instance::start_next(again, &handle.state::<Doorway>().left())?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn start(
    app: &AppHandle,
    runtime: Runtime,
    places: &Places,
    arguments: Arguments,
    settings: &Settings,
) -> anyhow::Result<()> {
    app.manage(Tray::new(app.clone(), places.pictures.clone()));
    app.manage(Window::new(app.clone(), places, settings));
    client::start(app, runtime, places, &arguments, settings)?;
    let doorway = app.state::<Doorway>();
    if let Some(address) = arguments.address {
        doorway.signal(Signal::DeepLink(address));
    } else if arguments.open {
        doorway.signal(Signal::TrayAction(TrayAction::Open));
    }
    Ok(())
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window is gone; the tray stays.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        RunEvent::Exit => app.state::<Window>().save(),
        _ => {}
    }
}
