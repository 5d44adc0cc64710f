//! By glibc's `malloc_trim`, and by unmapping code that has not been written to.

use std::ffi::{c_int, c_void};
use std::ops::Range;

const DONT_NEED: c_int = 4;

#[expect(unsafe_code, reason = "calls of the C library")]
unsafe extern "C" {
    fn madvise(start: *mut c_void, length: usize, advice: c_int) -> c_int;
    #[cfg(target_env = "gnu")]
    fn malloc_trim(keep_bytes: usize) -> c_int;
}

pub(super) fn give_back() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "may be called from any thread at any time")]
    // SAFETY: it only returns free pages.
    unsafe {
        malloc_trim(0);
    }
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    for code in clean_code(&maps) {
        #[expect(
            unsafe_code,
            reason = "the pages are read anew from their file when used"
        )]
        // SAFETY: the range is a mapped file's executable part, and no page of it was changed.
        unsafe {
            madvise(code.start as *mut c_void, code.len(), DONT_NEED);
        }
    }
}

/// The address ranges of files' executable parts that are as they are on the disk.
fn clean_code(maps: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut current = None;
    for line in maps.lines() {
        if let Some(mapping) = code_mapping(line) {
            current = mapping;
        } else if is_changed(line) {
            current = None;
        } else if line.starts_with("VmFlags:") {
            found.extend(current.take());
        }
    }
    found
}

/// Whether the line begins a mapping, and then its range if it is a file's executable part:
/// `7f00-7f10 r-xp 00000000 08:01 123 /usr/lib/x.so`.
fn code_mapping(line: &str) -> Option<Option<Range<usize>>> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let start = usize::from_str_radix(start, 16).ok()?;
    let end = usize::from_str_radix(end, 16).ok()?;
    let executable = words.next() == Some("r-xp");
    let file = words.nth(3).is_some_and(|path| path.starts_with('/'));
    Some((executable && file).then_some(start..end))
}

/// Whether the line says that pages differ from their file.
fn is_changed(line: &str) -> bool {
    let counts = ["Anonymous:", "Swap:", "Private_Dirty:"];
    counts.iter().any(|name| line.starts_with(name))
        && line
            .split_ascii_whitespace()
            .nth(1)
            .is_some_and(|kib| kib != "0")
}

#[cfg(test)]
mod tests {
    use super::{clean_code, give_back};

    #[test]
    fn only_code_as_it_is_on_the_disk_is_found() {
        let mapping = |range: &str, kind: &str, path: &str, anonymous: u32| {
            format!(
                "{range} {kind} 00000000 08:01 12 {path}\nSize: 8 kB\nAnonymous: {anonymous} kB\n\
                 Swap: 0 kB\nVmFlags: rd ex\n"
            )
        };
        let maps = [
            mapping("1000-3000", "r-xp", "/usr/lib/a.so", 0),
            mapping("3000-4000", "rw-p", "/usr/lib/a.so", 0),
            mapping("5000-6000", "r-xp", "/usr/lib/patched.so", 4),
            mapping("7000-8000", "r-xp", "[vdso]", 0),
            mapping("9000-a000", "r-xp", "/usr/lib/b.so", 0),
        ];
        assert_eq!(
            clean_code(&maps.concat()),
            vec![0x1000..0x3000, 0x9000..0xa000]
        );
    }

    #[test]
    fn the_program_goes_on_after_giving_back_its_code() {
        give_back();
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        assert!(
            !clean_code(&maps).is_empty(),
            "this program's own code was not found"
        );
    }
}
