//! Balloons of the tray, for a Windows without toasts: an icon that is there as long as its
//! balloon.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::UI::Shell::{
    NIF_ICON, NIF_INFO, NIF_MESSAGE, NIF_TIP, NIIF_INFO, NIIF_NOSOUND, NIM_ADD, NIM_DELETE,
    NIN_BALLOONHIDE, NIN_BALLOONTIMEOUT, NIN_BALLOONUSERCLICK, NOTIFYICONDATAW, Shell_NotifyIconW,
};
use windows::Win32::UI::WindowsAndMessaging::{IDI_APPLICATION, LoadIconW, WM_APP};
use windows::core::w;

use crate::message_window::{self, Post};
use crate::toasts::{OnClick, Toast};

/// There is something in the queue.
const WAKE: u32 = WM_APP + 1;
/// Something happened to the balloon.
const HAPPENED: u32 = WM_APP + 2;

enum Wish {
    Show(Toast),
    Remove(String),
}

/// Balloons, one at a time. Their window is made with the first.
pub(super) struct Balloons {
    on_click: OnClick,
    wishes: Arc<Mutex<VecDeque<Wish>>>,
    window: Option<Post>,
}

impl Balloons {
    pub(super) fn new(on_click: OnClick) -> Self {
        Self {
            on_click,
            wishes: Arc::default(),
            window: None,
        }
    }

    pub(super) fn show(&mut self, toast: &Toast) {
        if self.window.is_none() {
            self.window = start(self.on_click.clone(), self.wishes.clone());
        }
        self.wish(Wish::Show(toast.clone()));
    }

    pub(super) fn remove(&self, tag: &str) {
        self.wish(Wish::Remove(tag.to_owned()));
    }

    fn wish(&self, wish: Wish) {
        let Some(window) = self.window else { return };
        lock(&self.wishes).push_back(wish);
        window.post(WAKE);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The window, on a thread of its own; none when it cannot be made.
fn start(on_click: OnClick, wishes: Arc<Mutex<VecDeque<Wish>>>) -> Option<Post> {
    let (made, window) = mpsc::channel();
    let work = move || {
        let shown = Mutex::new(None);
        let heard = |window: HWND, message: u32, _: WPARAM, what: LPARAM| {
            match message {
                WAKE => follow(window, &wishes, &shown),
                HAPPENED => happened(window, what, &shown, &on_click),
                _ => return None,
            }
            Some(LRESULT(0))
        };
        let begin = |window: HWND| {
            let _ = made.send(Post::to(window));
        };
        if let Err(error) = message_window::serve(w!("DeskbellBalloons"), begin, &heard) {
            tracing::warn!(%error, "there are no balloons either");
        }
    };
    let thread = std::thread::Builder::new().name("balloons".to_owned());
    thread.spawn(work).ok()?;
    window.recv().ok()
}

fn follow(window: HWND, wishes: &Mutex<VecDeque<Wish>>, shown: &Mutex<Option<String>>) {
    loop {
        let Some(wish) = lock(wishes).pop_front() else {
            return;
        };
        match wish {
            Wish::Show(toast) => {
                take_away(window);
                put_up(window, &toast);
                *lock(shown) = Some(toast.tag);
            }
            Wish::Remove(tag) if lock(shown).as_deref() == Some(tag.as_str()) => {
                take_away(window);
                *lock(shown) = None;
            }
            Wish::Remove(_) => {}
        }
    }
}

fn happened(window: HWND, what: LPARAM, shown: &Mutex<Option<String>>, on_click: &OnClick) {
    let what = u32::try_from(what.0 & 0xffff).unwrap_or_default();
    if !matches!(
        what,
        NIN_BALLOONUSERCLICK | NIN_BALLOONTIMEOUT | NIN_BALLOONHIDE
    ) {
        return;
    }
    take_away(window);
    if let (Some(tag), NIN_BALLOONUSERCLICK) = (lock(shown).take(), what) {
        on_click(&tag);
    }
}

fn put_up(window: HWND, toast: &Toast) {
    let mut data = icon(window);
    data.uFlags = NIF_ICON | NIF_MESSAGE | NIF_TIP | NIF_INFO;
    data.uCallbackMessage = HAPPENED;
    data.dwInfoFlags = NIIF_INFO;
    if !toast.sound {
        data.dwInfoFlags |= NIIF_NOSOUND;
    }
    fill(&mut data.szInfoTitle, &toast.title);
    fill(&mut data.szInfo, &toast.body);
    fill(&mut data.szTip, &toast.title);
    #[expect(unsafe_code, reason = "the system's own icon; it is never given back")]
    if let Ok(picture) = unsafe { LoadIconW(None, IDI_APPLICATION) } {
        data.hIcon = picture;
    }
    #[expect(unsafe_code, reason = "the system copies what it is shown")]
    let up = unsafe { Shell_NotifyIconW(NIM_ADD, &raw const data) };
    if up.as_bool() {
        tracing::info!(tag = toast.tag, "a balloon is shown");
    } else {
        tracing::warn!("a balloon could not be shown: there is no tray");
    }
}

fn take_away(window: HWND) {
    let data = icon(window);
    #[expect(unsafe_code, reason = "the system copies what it is shown")]
    let _ = unsafe { Shell_NotifyIconW(NIM_DELETE, &raw const data) };
}

fn icon(window: HWND) -> NOTIFYICONDATAW {
    NOTIFYICONDATAW {
        cbSize: u32::try_from(size_of::<NOTIFYICONDATAW>()).unwrap_or_default(),
        hWnd: window,
        uID: 1,
        ..Default::default()
    }
}

/// As much of the text as there is room for, with a zero at the end and no half characters.
fn fill(room: &mut [u16], text: &str) {
    let most = room.len().saturating_sub(1);
    let mut used = 0;
    for character in text.chars() {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units);
        let Some(place) = room.get_mut(used..used + units.len()) else {
            return;
        };
        if used + units.len() > most {
            return;
        }
        place.copy_from_slice(units);
        used += units.len();
    }
}
