//! `DESKBELL_MAIL__HOST=…` in the environment beats `[mail] host` in the file.

use toml::{Table, Value};

use super::ConfigError;
use super::settings::{Shape, setting};

const PREFIX: &str = "DESKBELL_";

/// Lays the `DESKBELL_…` variables over the file's values.
pub fn overlay(
    table: &mut Table,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    for (name, text) in environment {
        if let Some(key) = name.strip_prefix(PREFIX) {
            let key = key.to_lowercase().replace("__", ".");
            insert(table, &key, value(&name, &key, &text)?);
        }
    }
    Ok(())
}

fn value(name: &str, key: &str, text: &str) -> Result<Value, ConfigError> {
    let refuse = |wanted: &str| ConfigError(format!("{name} must be {wanted}, not “{text}”."));
    let Some(setting) = setting(key) else {
        return Err(ConfigError(format!(
            "{name} names no setting; docs/config.md lists them. Remove it or correct its name."
        )));
    };
    match setting.shape {
        Shape::Text => Ok(Value::String(text.to_owned())),
        Shape::Number => text
            .trim()
            .parse()
            .map(Value::Integer)
            .map_err(|_| refuse("a number")),
        Shape::Switch => text
            .trim()
            .parse()
            .map(Value::Boolean)
            .map_err(|_| refuse("true or false")),
        Shape::List => Ok(Value::Array(text.split(',').map(list_item).collect())),
        Shape::Fields => Err(ConfigError(format!("{name} can be set in the file only."))),
    }
}

fn list_item(text: &str) -> Value {
    let text = text.trim();
    text.parse()
        .map_or_else(|_| Value::String(text.to_owned()), Value::Integer)
}

fn insert(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Some(inner) = inner.as_table_mut() {
                insert(inner, rest, value);
            }
        }
    }
}
