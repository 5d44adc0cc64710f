//! Doing without the graphics card.

/// Keeps this process from loading graphics drivers: a tray icon and a window of text need none,
/// and on Linux they cost tens of megabytes that no one gets back. Programs that this process
/// starts for its window still find the drivers. To be called first of all: once the program has
/// threads of its own it does nothing.
pub fn do_without() {
    #[cfg(target_os = "linux")]
    linux::do_without();
}

/// What [`do_without`] leaves in the environment; not meant for programs the user opens.
#[cfg(target_os = "linux")]
pub(crate) const VARIABLES: [&str; 3] = [
    "GDK_GL",
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR",
];

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::{CStr, c_char, c_int, c_void};

    /// GTK looks for OpenGL visuals at its start, WebKit when it makes its first page; from then on
    /// WebKit also looks every few seconds how much memory the machine has left.
    const OFF: [&str; 3] = ["disable", "1", "1"];
    /// Where the system's EGL library reads which drivers there are, once.
    const EGL_DRIVERS: &str = "__EGL_VENDOR_LIBRARY_FILENAMES";
    const EGL_EXTENSIONS: c_int = 0x3055;
    const RTLD_NOW: c_int = 2;

    /// WebKit's library starts a thread when it is loaded, which waits for work of its own.
    const LIBRARY_THREADS: usize = 1;

    type QueryString = unsafe extern "C" fn(*mut c_void, c_int) -> *const c_char;

    #[expect(unsafe_code, reason = "the dynamic linker's own calls")]
    unsafe extern "C" {
        fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    }

    #[expect(
        unsafe_code,
        reason = "the environment, and a call into the system's EGL library"
    )]
    pub(super) fn do_without() {
        let threads = std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
        if threads > 1 + LIBRARY_THREADS {
            return tracing::warn!(threads, "too late to do without graphics drivers");
        }
        // SAFETY: no thread runs that reads the environment; the symbol has the type that the EGL
        // specification gives it.
        unsafe {
            for (name, value) in super::VARIABLES.into_iter().zip(OFF) {
                std::env::set_var(name, value);
            }
            let drivers = std::env::var_os(EGL_DRIVERS);
            std::env::set_var(EGL_DRIVERS, "/dev/null");
            if let Some(query_string) = find(c"libEGL.so.1", c"eglQueryString") {
                let query_string: QueryString = std::mem::transmute(query_string);
                query_string(std::ptr::null_mut(), EGL_EXTENSIONS);
            }
            match drivers {
                Some(drivers) => std::env::set_var(EGL_DRIVERS, drivers),
                None => std::env::remove_var(EGL_DRIVERS),
            }
        }
    }

    #[expect(unsafe_code, reason = "the dynamic linker's own calls")]
    fn find(library: &CStr, name: &CStr) -> Option<*mut c_void> {
        // SAFETY: both texts end with a zero; a library that is not found is null.
        unsafe {
            let library = dlopen(library.as_ptr(), RTLD_NOW);
            let symbol = if library.is_null() {
                library
            } else {
                dlsym(library, name.as_ptr())
            };
            (!symbol.is_null()).then_some(symbol)
        }
    }
}
