//! From the kernel's own files. The serial number is readable by root alone on most systems.

use std::fs::read_to_string;

pub(super) fn host_name() -> String {
    read_to_string("/proc/sys/kernel/hostname").unwrap_or_default()
}

pub(super) fn serial() -> Option<String> {
    read_to_string("/sys/class/dmi/id/product_serial").ok()
}
