//! The window: made when it is first wanted, hidden when it is closed, released some minutes later.

mod attention;
mod placement;
#[cfg(windows)]
mod runtime;
mod sizes;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deskbell_desktop::{memory, processes};
use deskbell_messenger::Signal;
use deskbell_messenger::settings::{Settings, table};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{
    AppHandle, LogicalSize, Manager as _, Rect, Url, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};

use crate::doorway::Doorway;
use crate::places::Places;
use placement::Area;
use sizes::Sizes;

/// The window's name inside the client, which the capabilities know.
pub(crate) const LABEL: &str = "messenger";

/// What a desktop puts above a window's contents, at most. Known exactly only once it is there.
const TITLE_BAR: f64 = 32.0;

/// What Linux calls WebKit's process for the network.
const WEB_NETWORK: &str = "WebKitNetworkPr";

/// The one window.
pub(crate) struct Window {
    app: AppHandle,
    state: Mutex<State>,
    sizes_file: PathBuf,
    web_folder: PathBuf,
    kept: Duration,
    near_tray: bool,
}

struct State {
    sizes: Sizes,
    /// Where the tray icon was clicked.
    tray_icon: Option<Area>,
    /// How often the window was opened; a release that was planned before the last time is void.
    openings: u64,
    /// Its page has been shown, so that the processes behind it are all there.
    loaded: bool,
    /// Messages not read.
    unread_count: u32,
    focused: bool,
}

impl Window {
    pub(crate) fn new(app: AppHandle, places: &Places, settings: &Settings) -> Self {
        let sizes_file = sizes_file(places);
        let state = State {
            sizes: Sizes::read(&sizes_file),
            tray_icon: None,
            openings: 0,
            loaded: false,
            unread_count: 0,
            focused: false,
        };
        let web_folder = places.data.join("webview");
        Self {
            app,
            state: Mutex::new(state),
            sizes_file,
            web_folder,
            kept: kept(settings),
            near_tray: settings.switch(&table::WINDOW_NEAR_TRAY),
        }
    }

    /// Shows the window and gives it the keyboard. On the main thread only.
    pub(crate) fn open(&self) -> tauri::Result<()> {
        self.state().openings += 1;
        let window = match self.app.get_webview_window(LABEL) {
            Some(window) => window,
            #[cfg(windows)]
            None if runtime::is_missing() => {
                runtime::explain(&self.app);
                return Ok(());
            }
            None => self.make()?,
        };
        window.unminimize()?;
        window.show()?;
        window.set_focus()
    }

    /// Sizes the window, now or when it is next made. On the main thread only.
    pub(crate) fn enlarge(&self, enlarged: bool) -> tauri::Result<()> {
        let size = {
            let mut state = self.state();
            if state.sizes.is_enlarged() == enlarged {
                return Ok(());
            }
            state.sizes.set_enlarged(enlarged);
            state.sizes.of(enlarged)
        };
        match self.app.get_webview_window(LABEL) {
            Some(window) => resize(&window, size),
            None => Ok(()),
        }
    }

    /// Marks the window's button in the taskbar, and has it flash when there is more to read than
    /// before and another window is in front. On the main thread only.
    pub(crate) fn note_unread(&self, unread_count: u32) {
        let Some(window) = self.app.get_webview_window(LABEL) else {
            self.state().unread_count = unread_count;
            return;
        };
        let shown = window.is_visible().unwrap_or(false);
        let attention = {
            let mut state = self.state();
            let before = std::mem::replace(&mut state.unread_count, unread_count);
            attention::wanted(before, unread_count, shown && !state.focused)
        };
        if let Err(error) = attention::draw(&window, attention) {
            tracing::debug!(%error, "the taskbar does not show what is unread");
        }
    }

    /// Remembers where the tray icon is, for the window to appear beside it.
    pub(crate) fn note_tray_icon(&self, rect: Rect) {
        let position = rect.position.to_physical::<f64>(1.0);
        let size = rect.size.to_physical::<f64>(1.0);
        let (width, height) = (size.width, size.height);
        self.state().tray_icon = Some(Area {
            x: position.x,
            y: position.y,
            width,
            height,
        });
    }

    /// What is remembered of the window goes to the disk.
    pub(crate) fn save(&self) {
        let sizes = self.state().sizes;
        if let Err(error) = sizes.write(&self.sizes_file) {
            tracing::warn!(%error, "the window's size is not kept");
        }
    }

    fn make(&self) -> tauri::Result<WebviewWindow> {
        let (sizes, tray_icon) = {
            let state = self.state();
            (state.sizes, state.tray_icon)
        };
        let (width, height) = sizes.of(sizes.is_enlarged());
        let mut builder = WebviewWindowBuilder::new(&self.app, LABEL, WebviewUrl::default())
            .title("Deskbell")
            .inner_size(width, height)
            .min_inner_size(sizes::LEAST.0, sizes::LEAST.1)
            .data_directory(self.web_folder.clone())
            .on_navigation(is_own)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_download(|_, _| false)
            .on_page_load(|window, page| {
                if page.event() == PageLoadEvent::Finished {
                    window.state::<Self>().state().loaded = true;
                }
            });
        if let Some((area, scale)) = self.work_area(tray_icon)? {
            let framed = (width * scale, (height + TITLE_BAR) * scale);
            let (x, y) = if self.near_tray {
                placement::beside(area, framed, tray_icon)
            } else {
                placement::amid(area, framed)
            };
            builder = builder.position(x / scale, y / scale);
        }
        let window = builder.build()?;
        let unread_count = self.state().unread_count;
        attention::draw(
            &window,
            attention::wanted(unread_count, unread_count, false),
        )?;
        let app = self.app.clone();
        window.on_window_event(move |event| app.state::<Self>().on_event(event));
        Ok(window)
    }

    /// Where windows may be on the screen of the tray icon, and its scale; none when the desktop
    /// does not say.
    fn work_area(&self, tray_icon: Option<Area>) -> tauri::Result<Option<(Area, f64)>> {
        let monitor = match tray_icon {
            Some(icon) => self.app.monitor_from_point(icon.x, icon.y)?,
            None => self.app.primary_monitor()?,
        };
        Ok(monitor.map(|monitor| (Area::from(*monitor.work_area()), monitor.scale_factor())))
    }

    fn on_event(&self, event: &WindowEvent) {
        match event {
            WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                if let Err(error) = self.close() {
                    tracing::error!(%error, "the window does not close");
                }
            }
            WindowEvent::Focused(focused) => {
                self.state().focused = *focused;
                self.app
                    .state::<Doorway>()
                    .signal(Signal::WindowFocused(*focused));
            }
            WindowEvent::Resized(_) => self.note_size(),
            _ => {}
        }
    }

    fn note_size(&self) {
        let Some(window) = self.app.get_webview_window(LABEL) else {
            return;
        };
        if window.is_maximized().unwrap_or(false) || window.is_minimized().unwrap_or(false) {
            return;
        }
        let (Ok(size), Ok(scale)) = (window.inner_size(), window.scale_factor()) else {
            return;
        };
        let size = size.to_logical::<f64>(scale);
        let mut state = self.state();
        let enlarged = state.sizes.is_enlarged();
        state.sizes.note(enlarged, (size.width, size.height));
    }

    fn close(&self) -> tauri::Result<()> {
        if let Some(window) = self.app.get_webview_window(LABEL) {
            window.hide()?;
        }
        self.app.state::<Doorway>().signal(Signal::WindowClosed);
        self.save();
        self.plan_release();
        Ok(())
    }

    fn plan_release(&self) {
        let (app, kept, openings) = (self.app.clone(), self.kept, self.state().openings);
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(kept).await;
            let released = app.clone();
            let _ = app.run_on_main_thread(move || released.state::<Self>().release(openings));
        });
    }

    /// Gives the window's memory back, unless it was opened again in the meantime.
    fn release(&self, openings: u64) {
        let (reopened, loaded) = {
            let state = self.state();
            (state.openings != openings, state.loaded)
        };
        if reopened {
            return;
        }
        // WebKit ends this process when one of its own ends while it is being started.
        if !loaded {
            return self.plan_release();
        }
        if let Some(window) = self.app.get_webview_window(LABEL) {
            self.destroy(&window);
        }
    }

    fn destroy(&self, window: &WebviewWindow) {
        tracing::info!("the window is released");
        self.state().loaded = false;
        if let Err(error) = window.destroy() {
            tracing::error!(%error, "the window stays");
        }
        // WebKit keeps one process for the network for ever, and starts another when it wants.
        processes::end_children(WEB_NETWORK);
        memory::give_back();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window was left in its large size.
pub(crate) fn was_enlarged(places: &Places) -> bool {
    Sizes::read(&sizes_file(places)).is_enlarged()
}

fn sizes_file(places: &Places) -> PathBuf {
    places.data.join("window.json")
}

/// The window shows the client's own page and goes nowhere else.
fn is_own(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => !cfg!(windows),
        ("http" | "https", Some("tauri.localhost")) => cfg!(windows),
        _ => false,
    }
}

fn resize(window: &WebviewWindow, (width, height): (f64, f64)) -> tauri::Result<()> {
    if let Some(monitor) = window.current_monitor()? {
        let scale = monitor.scale_factor();
        let (position, size) = (window.outer_position()?, window.outer_size()?);
        let now = Area::from(tauri::PhysicalRect { position, size });
        let (x, y) = placement::resized(
            Area::from(*monitor.work_area()),
            now,
            (width * scale, height * scale),
        );
        window.set_position(tauri::LogicalPosition::new(x / scale, y / scale))?;
    }
    window.set_size(LogicalSize::new(width, height))
}

/// How long a closed window is kept, in case it is wanted again; tests cannot wait that long.
fn kept(settings: &Settings) -> Duration {
    let named = std::env::var("DESKBELL_WINDOW_KEPT_MS").ok();
    let minutes = u64::from(settings.number(&table::WINDOW_KEPT_MINUTES));
    named
        .and_then(|millis| millis.parse().ok())
        .map_or(Duration::from_secs(60 * minutes), Duration::from_millis)
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::is_own;

    /// CLI-04
    #[test]
    fn the_window_goes_nowhere_but_to_its_own_page() {
        assert!(is_own(
            &"tauri://localhost/index.html#/help".parse().unwrap()
        ));
        for foreign in [
            "https://evil.example/",
            "http://tauri.localhost/",
            "http://tauri.evil.example/",
            "tauri://evil.example/",
            "file:///etc/passwd",
            "data:text/html,hi",
            "about:blank",
            "javascript:alert(1)",
        ] {
            assert!(
                !is_own(&foreign.parse().unwrap()),
                "{foreign} would be shown"
            );
        }
    }
}
