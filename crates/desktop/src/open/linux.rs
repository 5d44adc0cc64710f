//! By `xdg-open`, which gets the address as one argument and no shell in between.

use std::io;
use std::process::Stdio;

pub(super) fn address(url: &str) -> io::Result<()> {
    let mut opener = tokio::process::Command::new("xdg-open");
    opener
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for name in crate::graphics::VARIABLES {
        opener.env_remove(name);
    }
    opener.process_group(0).spawn().map(drop)
}
