//! The tray icon and its menu: what the client says it shows, and nothing else.

mod ids;
mod pictures;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use deskbell_messenger::Signal;
use deskbell_messenger::shell::{TrayAction, TrayItem, TrayView};
use tauri::menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem};
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
    menu: Menu<Wry>,
    /// The menu's entries, from top to bottom.
    entries: Vec<Entry>,
    view: TrayView,
}

enum Entry {
    Action(MenuItem<Wry>),
    Separator(PredefinedMenuItem<Wry>),
}

impl Entry {
    fn item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Action(item) => item,
            Self::Separator(line) => line,
        }
    }
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
            None => *shown = Some(self.make(view)?),
            Some(shown) => self.change(shown, view)?,
        }
        Ok(())
    }

    /// Sets the picture and the words once more: a taskbar that was gone has missed changes. On
    /// the main thread only.
    pub(crate) fn show_again(&self) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(shown) = shown.as_ref() else { return };
        let view = &shown.view;
        let picture = shown.icon.set_icon(Some(pictures::picture(view.icon)));
        let set = picture.and_then(|()| shown.icon.set_tooltip(Some(&view.tooltip)));
        if let Err(error) = set {
            tracing::warn!(%error, "the new taskbar does not take the icon");
        }
    }

    fn make(&self, view: TrayView) -> tauri::Result<Shown> {
        let entries = self.entries(&view.menu)?;
        let items: Vec<_> = entries.iter().map(Entry::item).collect();
        let menu = Menu::with_items(&self.app, &items)?;
        let icon = TrayIconBuilder::with_id("deskbell")
            .temp_dir_path(&self.folder)
            .icon(pictures::picture(view.icon))
            .tooltip(&view.tooltip)
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(|app, event| on_menu(app, &event))
            .on_tray_icon_event(|icon, event| on_icon(icon, &event))
            .build(&self.app)?;
        Ok(Shown {
            icon,
            menu,
            entries,
            view,
        })
    }

    /// What a taskbar that is gone does not take is shown when there is one again.
    fn change(&self, shown: &mut Shown, view: TrayView) -> tauri::Result<()> {
        let mut taken = Ok(());
        if shown.view.icon != view.icon {
            taken = shown.icon.set_icon(Some(pictures::picture(view.icon)));
        }
        if shown.view.tooltip != view.tooltip {
            taken = taken.and(shown.icon.set_tooltip(Some(&view.tooltip)));
        }
        if shown.view.menu != view.menu {
            self.change_menu(shown, &view.menu)?;
        }
        shown.view = view;
        taken
    }

    /// Changes the menu where it is: a Linux panel takes a new menu for a new icon.
    fn change_menu(&self, shown: &mut Shown, items: &[TrayItem]) -> tauri::Result<()> {
        if ids::same_actions(&shown.view.menu, items) {
            return reword(&shown.entries, items);
        }
        for entry in shown.entries.drain(..) {
            shown.menu.remove(entry.item())?;
        }
        shown.entries = self.entries(items)?;
        let items: Vec<_> = shown.entries.iter().map(Entry::item).collect();
        shown.menu.append_items(&items)
    }

    fn entries(&self, items: &[TrayItem]) -> tauri::Result<Vec<Entry>> {
        let entry = |item: &TrayItem| match item {
            TrayItem::Separator => PredefinedMenuItem::separator(&self.app).map(Entry::Separator),
            TrayItem::Action {
                action,
                text,
                enabled,
            } => {
                let (id, label) = (ids::write(action), ids::label(text));
                MenuItem::with_id(&self.app, id, label, *enabled, None::<&str>).map(Entry::Action)
            }
        };
        items.iter().map(entry).collect()
    }
}

fn reword(entries: &[Entry], items: &[TrayItem]) -> tauri::Result<()> {
    for (entry, item) in entries.iter().zip(items) {
        if let (Entry::Action(entry), TrayItem::Action { text, enabled, .. }) = (entry, item) {
            entry.set_text(ids::label(text))?;
            entry.set_enabled(*enabled)?;
        }
    }
    Ok(())
}

fn on_menu(app: &AppHandle, event: &MenuEvent) {
    if let Some(action) = ids::read(event.id().as_ref()) {
        app.state::<Doorway>().signal(Signal::TrayAction(action));
    }
}

/// Where the panel tells of clicks on the icon itself (Linux panels show the menu instead).
fn on_icon(icon: &TrayIcon, event: &TrayIconEvent) {
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
    app.state::<Window>().note_tray_icon(*rect);
    app.state::<Doorway>()
        .signal(Signal::TrayAction(TrayAction::Open));
}
