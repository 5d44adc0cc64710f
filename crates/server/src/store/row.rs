//! Reading what rows hold as text back into what it means.

use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::Error;

/// An id that was stored as text.
///
/// # Errors
/// When it is none.
pub fn id<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt { what: "id" })
}

/// An id that may be absent.
///
/// # Errors
/// When it is there and is none.
pub fn optional_id<T: FromStr>(text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(id).transpose()
}

/// A wire name such as `waiting`, as the enum it stands for.
///
/// # Errors
/// When the enum has no such name.
pub fn name<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value).map_err(|_| Error::Corrupt { what: "name" })
}

/// A number that is never negative.
///
/// # Errors
/// When it is negative.
pub fn number<T: TryFrom<i64>>(value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::Corrupt { what: "number" })
}
