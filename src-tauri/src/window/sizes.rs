//! The window's two sizes, as the user last left them, and which of them it has. In logical pixels.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// No window is smaller than this.
pub(super) const LEAST: (f64, f64) = (340.0, 480.0);

/// What a screen can be, so that a damaged file opens no absurd window.
const MOST: (f64, f64) = (8000.0, 8000.0);

/// The two sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Sizes {
    reduced: (f64, f64),
    enlarged: (f64, f64),
    /// It was left in the second.
    #[serde(default)]
    is_enlarged: bool,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            reduced: (400.0, 640.0),
            enlarged: (900.0, 760.0),
            is_enlarged: false,
        }
    }
}

impl Sizes {
    /// As kept in the file; the usual ones when there is none, or it cannot be read.
    pub(super) fn read(file: &Path) -> Self {
        let kept = std::fs::read(file).ok();
        kept.and_then(|kept| serde_json::from_slice(&kept).ok())
            .unwrap_or_default()
    }

    pub(super) fn write(self, file: &Path) -> io::Result<()> {
        std::fs::write(file, serde_json::to_vec(&self)?)
    }

    /// The window is in its large size.
    pub(super) fn is_enlarged(self) -> bool {
        self.is_enlarged
    }

    pub(super) fn set_enlarged(&mut self, enlarged: bool) {
        self.is_enlarged = enlarged;
    }

    /// Width and height.
    pub(super) fn of(self, enlarged: bool) -> (f64, f64) {
        let (width, height) = if enlarged {
            self.enlarged
        } else {
            self.reduced
        };
        (width.clamp(LEAST.0, MOST.0), height.clamp(LEAST.1, MOST.1))
    }

    /// The user has made it this large.
    pub(super) fn note(&mut self, enlarged: bool, size: (f64, f64)) {
        *if enlarged {
            &mut self.enlarged
        } else {
            &mut self.reduced
        } = size;
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAST, Sizes};

    #[test]
    fn each_size_is_remembered_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.json");
        let mut sizes = Sizes::default();
        sizes.note(true, (1000.0, 800.0));
        sizes.set_enlarged(true);
        sizes.write(&file).unwrap();
        let kept = Sizes::read(&file);
        assert!(kept.is_enlarged(), "it is large again after a restart");
        assert_eq!(
            (kept.of(false), kept.of(true)),
            ((400.0, 640.0), (1000.0, 800.0))
        );
    }

    #[test]
    fn a_damaged_file_opens_a_usable_window() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.json");
        std::fs::write(&file, "{").unwrap();
        assert_eq!(Sizes::read(&file), Sizes::default());
        std::fs::write(&file, r#"{"reduced":[1,1],"enlarged":[1e9,5]}"#).unwrap();
        let read = Sizes::read(&file);
        assert_eq!((read.of(false), read.is_enlarged()), (LEAST, false));
    }
}
