//! Reading a CSV file of people or devices, with every fault named by its line.

use std::collections::HashMap;

use csv::{ByteRecord, ReaderBuilder};
use deskbell_protocol::DeviceKind;

use crate::identity::address;

const PEOPLE: Columns = Columns {
    what: "people",
    required: &["organization", "name", "email"],
    optional: &["phone", "active"],
};
const DEVICES: Columns = Columns {
    what: "devices",
    required: &["email", "name", "kind"],
    optional: &["model", "serial"],
};
const TEXT_CHARS: usize = 200;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is wrong with a line, for the person who made the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// One sentence.
    pub reason: String,
}

/// A file's lines.
#[derive(Debug)]
pub enum Sheet {
    /// Of people.
    People(Vec<PersonLine>),
    /// Of devices.
    Devices(Vec<DeviceLine>),
}

impl Sheet {
    /// `12 people`.
    pub fn count(&self) -> String {
        match self {
            Self::People(lines) => format!("{} people", lines.len()),
            Self::Devices(lines) => format!("{} devices", lines.len()),
        }
    }
}

/// A person.
#[derive(Debug)]
pub struct PersonLine {
    /// Where in the file, from 1.
    pub line: u64,
    /// Where they work.
    pub organization: String,
    /// Their name.
    pub name: String,
    /// Their address, in its stored form.
    pub email: String,
    /// Their number (E.164).
    pub phone: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
}

/// A device.
#[derive(Debug)]
pub struct DeviceLine {
    /// Where in the file, from 1.
    pub line: u64,
    /// Whose it is: their address, in its stored form.
    pub email: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
}

struct Columns {
    what: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

/// Reads the file; its columns say what it holds.
///
/// # Errors
/// Every fault, by line.
pub fn read(bytes: &[u8]) -> Result<Sheet, Vec<Fault>> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let delimiter = if first.contains(&b';') && !first.contains(&b',') {
        b';'
    } else {
        b','
    };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut records = reader
        .byte_records()
        .map(|record| record.map_err(|e| vec![broken(&e)]));
    let Some(head) = records.next().transpose()? else {
        return Err(vec![fault(
            1,
            "the file is empty; its first line names the columns",
        )]);
    };
    let head: Vec<String> = head
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().to_lowercase())
        .collect();
    let columns = if head.iter().any(|name| name == "kind") {
        DEVICES
    } else {
        PEOPLE
    };
    check_head(&head, &columns)?;
    let rows: Vec<ByteRecord> = records.collect::<Result<_, _>>()?;
    let rows = rows.iter().filter(|row| !row.iter().all(<[u8]>::is_empty));
    match columns.what {
        "devices" => each(rows, &head, device).map(Sheet::Devices),
        _ => each(rows, &head, person)
            .and_then(once_each)
            .map(Sheet::People),
    }
}

fn check_head(head: &[String], columns: &Columns) -> Result<(), Vec<Fault>> {
    let known = |name: &&str| columns.required.contains(name) || columns.optional.contains(name);
    let what = columns.what;
    let missing = columns
        .required
        .iter()
        .filter(|name| !head.iter().any(|has| has == *name));
    let unknown = head.iter().map(String::as_str).filter(|name| !known(name));
    let twice = head
        .iter()
        .enumerate()
        .filter(|(at, name)| head.iter().take(*at).any(|n| n == *name));
    let faults: Vec<Fault> = missing
        .map(|name| {
            fault(
                1,
                &format!(
                    "the column {name} is missing; {what} need {}",
                    columns.required.join(", ")
                ),
            )
        })
        .chain(unknown.map(|name| fault(1, &format!("there is no column “{name}” for {what}"))))
        .chain(twice.map(|(_, name)| fault(1, &format!("the column {name} is there twice"))))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

/// Reads every row, or gives the faults of all.
fn each<'a, T>(
    rows: impl Iterator<Item = &'a ByteRecord>,
    head: &[String],
    read: fn(&Cells<'_>) -> Result<T, String>,
) -> Result<Vec<T>, Vec<Fault>> {
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    for row in rows {
        let line = row.position().map_or(0, csv::Position::line);
        match Cells::of(row, head, line).and_then(|cells| read(&cells)) {
            Ok(read) => lines.push(read),
            Err(reason) => faults.push(Fault { line, reason }),
        }
    }
    if faults.is_empty() {
        Ok(lines)
    } else {
        Err(faults)
    }
}

/// Refuses two lines for one person: which of them holds would be a guess.
fn once_each(people: Vec<PersonLine>) -> Result<Vec<PersonLine>, Vec<Fault>> {
    let mut seen = HashMap::new();
    let mut faults = Vec::new();
    for person in &people {
        if let Some(first) = seen.insert(person.email.as_str(), person.line) {
            faults.push(fault(
                person.line,
                &format!("the same address as in line {first}"),
            ));
        }
    }
    if faults.is_empty() {
        Ok(people)
    } else {
        Err(faults)
    }
}

fn person(cells: &Cells<'_>) -> Result<PersonLine, String> {
    let phone = cells.optional("phone")?;
    let number = phone.as_deref().map(|typed| {
        address::phone(typed)
            .ok_or_else(|| format!("“{typed}” is no number with its country, +49 …"))
    });
    Ok(PersonLine {
        line: cells.line,
        organization: cells.required("organization")?,
        name: cells.required("name")?,
        email: cells.email()?,
        phone: number.transpose()?,
        active: match cells.optional("active")?.as_deref() {
            None | Some("yes") => true,
            Some("no") => false,
            Some(other) => return Err(format!("active must be yes or no, not “{other}”")),
        },
    })
}

fn device(cells: &Cells<'_>) -> Result<DeviceLine, String> {
    Ok(DeviceLine {
        line: cells.line,
        email: cells.email()?,
        name: cells.required("name")?,
        kind: kind(&cells.required("kind")?)?,
        model: cells.optional("model")?,
        serial: cells.optional("serial")?,
    })
}

fn kind(text: &str) -> Result<DeviceKind, String> {
    match text.to_lowercase().as_str() {
        "laptop" => Ok(DeviceKind::Laptop),
        "desktop" => Ok(DeviceKind::Desktop),
        "phone" => Ok(DeviceKind::Phone),
        "tablet" => Ok(DeviceKind::Tablet),
        "printer" => Ok(DeviceKind::Printer),
        "other" => Ok(DeviceKind::Other),
        _ => Err(format!(
            "kind must be laptop, desktop, phone, tablet, printer or other, not “{text}”"
        )),
    }
}

/// One row's cells by the names of their columns.
struct Cells<'a> {
    head: &'a [String],
    texts: Vec<&'a str>,
    line: u64,
}

impl<'a> Cells<'a> {
    fn of(row: &'a ByteRecord, head: &'a [String], line: u64) -> Result<Self, String> {
        if row.len() != head.len() {
            return Err(format!(
                "has {} cells where the first line has {}",
                row.len(),
                head.len()
            ));
        }
        let text = |cell| std::str::from_utf8(cell).map(str::trim);
        let texts = row.iter().map(text).collect::<Result<_, _>>();
        let texts = texts.map_err(|_| "is not UTF-8; save the file as “CSV UTF-8”".to_owned())?;
        Ok(Self { head, texts, line })
    }

    fn optional(&self, column: &str) -> Result<Option<String>, String> {
        let cell = self
            .head
            .iter()
            .position(|name| name == column)
            .and_then(|at| self.texts.get(at));
        let Some(text) = cell.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        if text.chars().count() > TEXT_CHARS || text.chars().any(char::is_control) {
            return Err(format!(
                "{column} is longer than {TEXT_CHARS} characters or has line breaks"
            ));
        }
        Ok(Some((*text).to_owned()))
    }

    fn required(&self, column: &str) -> Result<String, String> {
        self.optional(column)?
            .ok_or_else(|| format!("{column} is empty"))
    }

    fn email(&self) -> Result<String, String> {
        let typed = self.required("email")?;
        address::email(&typed)
            .ok_or_else(|| format!("“{typed}” is not one complete e-mail address"))
    }
}

fn fault(line: u64, reason: &str) -> Fault {
    Fault {
        line,
        reason: reason.to_owned(),
    }
}

fn broken(error: &csv::Error) -> Fault {
    fault(
        error.position().map_or(0, csv::Position::line),
        "is not CSV",
    )
}

#[cfg(test)]
mod tests;
