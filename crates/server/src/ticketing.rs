//! The built-in ticketing: numbers that people quote, one after the other.

use deskbell_protocol::Ticket;

use crate::store::{Error, Tx};

/// The next ticket. Its number is given back if the transaction is not committed.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &mut Tx) -> Result<Ticket, Error> {
    let number: i64 = sqlx::query_scalar(
        "UPDATE ticket_counter SET last_number = last_number + 1 WHERE id = 1 RETURNING last_number",
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Ticket {
        number: format!("T-{number}"),
    })
}
