//! `import`: people or devices from a CSV file, all lines or none.

pub mod sheet;

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::outcome::{print, say};
use super::workplace::Workplace;
use crate::config::Config;
use crate::directory::{self, DirectoryError, NewDevice, NewOrganization, NewRequester};
use crate::store::{Purpose, Tx};
use deskbell_protocol::Timestamp;
use sheet::{DeviceLine, Fault, PersonLine, Sheet};

pub async fn run(config: &Config, file: &Path) -> Result<()> {
    let shown = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {shown}"))?;
    let sheet = match sheet::read(&bytes) {
        Ok(sheet) => sheet,
        Err(faults) => return refuse(file, &faults),
    };
    let place = Workplace::open(config, Purpose::Tool).await?;
    let mut tx = place.store.write().await?;
    let faults = write(&mut tx, &sheet, place.clock.now()).await?;
    if !faults.is_empty() {
        return refuse(file, &faults);
    }
    tx.commit().await?;
    print(&format!("Imported {} from {shown}.", sheet.count()));
    Ok(())
}

fn refuse(file: &Path, faults: &[Fault]) -> Result<()> {
    for Fault { line, reason } in faults {
        say(&format!("{}:{line}: {reason}", file.display()));
    }
    bail!(
        "nothing was imported: correct these {} lines and import again",
        faults.len()
    )
}

/// Writes every line; the faults of those that cannot be. The caller gives all up if there is one.
async fn write(tx: &mut Tx, sheet: &Sheet, now: Timestamp) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    match sheet {
        Sheet::People(people) => {
            for person in people {
                note(&mut faults, person.line, put_person(tx, person, now).await)?;
            }
        }
        Sheet::Devices(devices) => {
            for device in devices {
                note(&mut faults, device.line, put_device(tx, device, now).await)?;
            }
        }
    }
    Ok(faults)
}

/// A fault of the line is noted; one of the database ends the import.
fn note(faults: &mut Vec<Fault>, line: u64, put: Result<(), DirectoryError>) -> Result<()> {
    match put {
        Ok(()) => Ok(()),
        Err(error @ (DirectoryError::Nobody | DirectoryError::OtherRole(_))) => {
            faults.push(Fault {
                line,
                reason: error.to_string(),
            });
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn put_person(tx: &mut Tx, line: &PersonLine, now: Timestamp) -> Result<(), DirectoryError> {
    let named = NewOrganization {
        name: &line.organization,
        ..NewOrganization::default()
    };
    let organization = directory::put_organization(tx, &named, now).await?;
    let phone = line.phone.as_deref();
    let new = NewRequester {
        organization,
        name: &line.name,
        email: &line.email,
        phone,
    };
    directory::put_requester(tx, &new, now).await?;
    if !line.active {
        directory::disable(tx, &line.email, now).await?;
    }
    Ok(())
}

async fn put_device(tx: &mut Tx, line: &DeviceLine, now: Timestamp) -> Result<(), DirectoryError> {
    let new = NewDevice {
        owner: &line.email,
        name: &line.name,
        kind: line.kind,
        model: line.model.as_deref(),
        serial: line.serial.as_deref(),
    };
    directory::put_device(tx, &new, now).await.map(|_| ())
}
