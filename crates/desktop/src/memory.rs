//! Giving memory back.

/// Returns freed memory to the system. Worth it after something large is gone for long.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    trim();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "glibc's own call, safe from any thread at any time"
)]
fn trim() {
    unsafe extern "C" {
        fn malloc_trim(keep_bytes: usize) -> i32;
    }
    unsafe { malloc_trim(0) };
}
