//! The tray icon and its menu: what the client says it shows, and nothing else.

mod ids;
mod pictures;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use deskbell_messenger::Signal;
use deskbell_messenger::shell::{TrayAction, TrayItem, TrayView};
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};

use crate::doorway::Doorway;
use crate::window::Window;

/// The tray icon, once there has been something to show.
pub(crate) struct Tray {
    app: AppHandle,
    /// Where the pictures lie that a Linux panel reads.
    folder: PathBuf,
    shown: Mutex<Option<Shown>>,
}

struct Shown {
    icon: TrayIcon,
    view: TrayView,
}

impl Tray {
    pub(crate) fn new(app: AppHandle, folder: PathBuf) -> Self {
        Self {
            app,
            folder,
            shown: Mutex::new(None),
        }
    }

    /// Shows this instead of what is shown. On the main thread only.
    pub(crate) fn show(&self, view: TrayView) -> tauri::Result<()> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match shown.as_mut() {
            None => {
                *shown = Some(Shown {
                    icon: self.make(&view)?,
                    view,
                })
            }
            Some(shown) => self.change(shown, view)?,
        }
        Ok(())
    }

    fn make(&self, view: &TrayView) -> tauri::Result<TrayIcon> {
        TrayIconBuilder::with_id("deskbell")
            .temp_dir_path(&self.folder)
            .icon(pictures::picture(view.icon))
            .tooltip(&view.tooltip)
            .menu(&self.menu(&view.menu)?)
            .show_menu_on_left_click(false)
            .on_menu_event(on_menu)
            .on_tray_icon_event(on_icon)
            .build(&self.app)
    }

    fn change(&self, shown: &mut Shown, view: TrayView) -> tauri::Result<()> {
        if shown.view.icon != view.icon {
            shown.icon.set_icon(Some(pictures::picture(view.icon)))?;
        }
        if shown.view.tooltip != view.tooltip {
            shown.icon.set_tooltip(Some(&view.tooltip))?;
        }
        if shown.view.menu != view.menu {
            shown.icon.set_menu(Some(self.menu(&view.menu)?))?;
        }
        shown.view = view;
        Ok(())
    }

    fn menu(&self, items: &[TrayItem]) -> tauri::Result<Menu<Wry>> {
        let mut menu = MenuBuilder::new(&self.app);
        for item in items {
            menu = match item {
                TrayItem::Separator => menu.separator(),
                TrayItem::Action {
                    action,
                    text,
                    enabled,
                } => {
                    let item = MenuItemBuilder::with_id(ids::write(action), ids::label(text));
                    menu.item(&item.enabled(*enabled).build(&self.app)?)
                }
            };
        }
        menu.build()
    }
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    if let Some(action) = ids::read(event.id().as_ref()) {
        app.state::<Doorway>().signal(Signal::TrayAction(action));
    }
}

/// Where the panel tells of clicks on the icon itself (Linux panels show the menu instead).
fn on_icon(icon: &TrayIcon, event: TrayIconEvent) {
    let TrayIconEvent::Click {
        rect,
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        ..
    } = event
    else {
        return;
    };
    let app = icon.app_handle();
    app.state::<Window>().note_tray_icon(rect);
    app.state::<Doorway>()
        .signal(Signal::TrayAction(TrayAction::Open));
}
