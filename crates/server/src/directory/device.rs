//! Devices and whose they are.

use deskbell_protocol::{DeviceId, DeviceKind, Timestamp};

use super::DirectoryError;
use crate::clock::id_at;
use crate::store::{self, Tx};

/// A device as it is written down; known, among its owner's, by serial number or else by name.
#[derive(Debug, Clone)]
pub struct NewDevice<'a> {
    /// The address of whose it is, in its stored form.
    pub owner: &'a str,
    /// The name people know it by.
    pub name: &'a str,
    /// What it is.
    pub kind: DeviceKind,
    /// Maker and model.
    pub model: Option<&'a str>,
    /// The maker's serial number.
    pub serial: Option<&'a str>,
}

/// Writes a device down, or brings it up to date.
///
/// # Errors
/// When no requester has the address, or the database fails.
pub async fn put_device(
    tx: &mut Tx,
    new: &NewDevice<'_>,
    now: Timestamp,
) -> Result<DeviceId, DirectoryError> {
    let owner: Option<String> =
        sqlx::query_scalar("SELECT id FROM account WHERE email = $1 AND role = 'requester'")
            .bind(new.owner)
            .fetch_optional(&mut **tx)
            .await?;
    let owner = owner.ok_or(DirectoryError::Nobody)?;
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM device WHERE account_id = $1
             AND ((serial IS NOT NULL AND serial = $2) OR (($2 IS NULL OR serial IS NULL) AND name = $3))
         ORDER BY serial IS NULL, created_at LIMIT 1",
    )
    .bind(&owner)
    .bind(new.serial)
    .bind(new.name)
    .fetch_optional(&mut **tx)
    .await?;
    let id = found.unwrap_or_else(|| id_at(now).to_string());
    sqlx::query(
        "INSERT INTO device (id, account_id, name, kind, model, serial, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
             model = COALESCE(excluded.model, device.model),
             serial = COALESCE(excluded.serial, device.serial)",
    )
    .bind(&id)
    .bind(&owner)
    .bind(new.name)
    .bind(kind_name(new.kind))
    .bind(new.model)
    .bind(new.serial)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(store::id(&id)?)
}

fn kind_name(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Laptop => "laptop",
        DeviceKind::Desktop => "desktop",
        DeviceKind::Phone => "phone",
        DeviceKind::Tablet => "tablet",
        DeviceKind::Printer => "printer",
        DeviceKind::Other => "other",
    }
}
