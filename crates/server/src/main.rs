//! `deskbell-server`: serves, shows a demo, and does the operator's chores.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskbell_server::commands::run(std::env::args_os())
}
