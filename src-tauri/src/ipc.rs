//! The window's one command.

use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::view::{ClientFailure, Failure, FailureCode};
use tauri::State;

use crate::doorway::Doorway;

/// Does what the user wishes.
#[tauri::command]
pub(crate) async fn command(
    doorway: State<'_, Doorway>,
    command: Command,
) -> Result<Answer, Failure> {
    let Some(client) = doorway.client() else {
        return Err(Failure {
            code: FailureCode::Client(ClientFailure::NotNow),
            attempts_left: None,
            retry_after_seconds: None,
        });
    };
    client.command(command).await
}
