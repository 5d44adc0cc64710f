//! `WebView2Loader.dll`, which lies beside the program, is loaded with it, before any of this.

use windows::Win32::System::LibraryLoader::{
    LOAD_LIBRARY_SEARCH_SYSTEM32, SetDefaultDllDirectories, SetDllDirectoryW,
};
use windows::Win32::UI::Shell::SetCurrentProcessExplicitAppUserModelID;
use windows::core::{HSTRING, w};

use crate::identity::APP_ID;

/// There is no log yet to tell what failed; the process goes on as the system made it.
pub(super) fn begin() {
    let app = HSTRING::from(APP_ID);
    #[expect(unsafe_code, reason = "the texts outlive the calls")]
    unsafe {
        let _ = SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
        let _ = SetDllDirectoryW(w!(""));
        let _ = SetCurrentProcessExplicitAppUserModelID(&app);
    }
}
