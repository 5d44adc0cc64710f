//! Where the window goes on the screen. All in physical pixels.

use tauri::PhysicalRect;

/// Space left between the window and what is around it.
const MARGIN: f64 = 12.0;

/// A part of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl From<PhysicalRect<i32, u32>> for Area {
    fn from(rect: PhysicalRect<i32, u32>) -> Self {
        Self {
            x: rect.position.x.into(),
            y: rect.position.y.into(),
            width: rect.size.width.into(),
            height: rect.size.height.into(),
        }
    }
}

/// The corner of a new window of this size: above or below the tray icon, or else in the corner
/// of the work area where most desktops have their tray.
pub(super) fn beside(area: Area, (width, height): (f64, f64), icon: Option<Area>) -> (f64, f64) {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let (x, y) = match icon {
        None => (right - width, bottom - height),
        Some(icon) => {
            let middle = icon.x + icon.width / 2.0;
            let panel_above = icon.y + icon.height / 2.0 < area.y + area.height / 2.0;
            (
                middle - width / 2.0,
                if panel_above { area.y } else { bottom - height },
            )
        }
    };
    inside(area, (x, y), (width, height))
}

/// The corner of a new window of this size in the middle of the work area.
pub(super) fn amid(area: Area, (width, height): (f64, f64)) -> (f64, f64) {
    let corner = (
        area.x + (area.width - width) / 2.0,
        area.y + (area.height - height) / 2.0,
    );
    inside(area, corner, (width, height))
}

/// The corner of a window that changes its size: what lies nearest to the edges stays there.
pub(super) fn resized(area: Area, now: Area, (width, height): (f64, f64)) -> (f64, f64) {
    let left_of_it = now.x - area.x;
    let right_of_it = area.x + area.width - (now.x + now.width);
    let above_it = now.y - area.y;
    let below_it = area.y + area.height - (now.y + now.height);
    let x = if right_of_it < left_of_it {
        now.x + now.width - width
    } else {
        now.x
    };
    let y = if below_it < above_it {
        now.y + now.height - height
    } else {
        now.y
    };
    inside(area, (x, y), (width, height))
}

fn inside(area: Area, (x, y): (f64, f64), (width, height): (f64, f64)) -> (f64, f64) {
    let within = |at: f64, from: f64, length: f64, taken: f64| {
        at.min(from + length - taken - MARGIN)
            .max(from + MARGIN.min((length - taken).max(0.0)))
    };
    (
        within(x, area.x, area.width, width),
        within(y, area.y, area.height, height),
    )
}

#[cfg(test)]
mod tests {
    use super::{Area, amid, beside, resized};

    const SIZE: (f64, f64) = (400.0, 640.0);

    fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn the_window_opens_above_a_tray_at_the_bottom() {
        let screen = area(0.0, 0.0, 1920.0, 1032.0);
        let icon = area(1700.0, 1040.0, 32.0, 32.0);
        assert_eq!(beside(screen, SIZE, Some(icon)), (1508.0, 380.0));
    }

    #[test]
    fn the_window_opens_below_a_tray_at_the_top() {
        let screen = area(0.0, 32.0, 1920.0, 1048.0);
        let icon = area(1500.0, 0.0, 32.0, 32.0);
        assert_eq!(beside(screen, SIZE, Some(icon)), (1316.0, 44.0));
    }

    #[test]
    fn without_a_known_tray_the_window_opens_in_the_bottom_right_corner() {
        assert_eq!(
            beside(area(0.0, 0.0, 1280.0, 800.0), SIZE, None),
            (868.0, 148.0)
        );
    }

    #[test]
    fn the_window_opens_in_the_middle_where_it_is_told_to() {
        assert_eq!(amid(area(0.0, 0.0, 1280.0, 800.0), SIZE), (440.0, 80.0));
    }

    #[test]
    fn on_a_small_screen_the_windows_title_stays_in_reach() {
        let (_, y) = beside(area(0.0, 0.0, 800.0, 600.0), SIZE, None);
        assert!(y >= 0.0, "the title is above the screen: {y}");
    }

    #[test]
    fn enlarging_in_the_corner_grows_away_from_it() {
        let screen = area(0.0, 0.0, 1920.0, 1032.0);
        let now = area(1508.0, 380.0, 400.0, 640.0);
        assert_eq!(resized(screen, now, (900.0, 760.0)), (1008.0, 260.0));
        let large = area(1008.0, 260.0, 900.0, 760.0);
        assert_eq!(
            resized(screen, large, SIZE),
            (1508.0, 380.0),
            "reducing undoes enlarging"
        );
    }
}
