//! From the environment; the serial number is left to whoever imports the devices.

pub(super) fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

pub(super) fn serial() -> Option<String> {
    None
}
