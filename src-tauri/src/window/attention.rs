//! What the taskbar tells of the window: that there is something to read, and that it is new.

use tauri::WebviewWindow;

/// What the window's button in the taskbar does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attention {
    /// It bears a mark.
    badge: bool,
    /// It flashes.
    flash: bool,
}

/// What it does when there is so much to read, and there was so much before. `behind` says that
/// the window is open and another one in front.
pub(super) fn wanted(before: u32, now: u32, behind: bool) -> Attention {
    Attention {
        badge: now > 0,
        flash: behind && now > before,
    }
}

/// On the main thread only.
#[cfg(windows)]
pub(super) fn draw(window: &WebviewWindow, attention: Attention) -> tauri::Result<()> {
    use tauri::UserAttentionType;

    let mark = tauri::include_image!("../icons/badge-16.png");
    window.set_overlay_icon(attention.badge.then_some(mark))?;
    if attention.flash {
        window.request_user_attention(Some(UserAttentionType::Informational))?;
    }
    Ok(())
}

/// Other desktops tell of toasts themselves.
#[cfg(not(windows))]
pub(super) fn draw(_window: &WebviewWindow, _attention: Attention) -> tauri::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Attention, wanted};

    #[test]
    fn the_button_flashes_for_news_while_another_window_is_in_front() {
        let (quiet, marked) = (
            Attention {
                badge: false,
                flash: false,
            },
            Attention {
                badge: true,
                flash: false,
            },
        );
        let flashing = Attention {
            badge: true,
            flash: true,
        };
        assert_eq!(wanted(0, 1, true), flashing);
        assert_eq!(wanted(1, 1, true), marked, "nothing is new");
        assert_eq!(wanted(2, 1, true), marked, "one was read elsewhere");
        assert_eq!(
            wanted(0, 1, false),
            marked,
            "the window is in front or closed"
        );
        assert_eq!(wanted(1, 0, true), quiet);
    }
}
