//! The list of settings: what the environment may override, and what `docs/config.md` shows.

use std::fmt::Write as _;

use toml::Table;

use super::ConfigError;

/// How a setting is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// A list; separated by commas in the environment.
    List,
    /// A table of names and values; in the file only.
    Fields,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key in the file, with its section: `mail.host`.
    pub key: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// What holds without it; empty where it is required.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

const fn setting_of(
    key: &'static str,
    shape: Shape,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting {
        key,
        shape,
        default,
        about,
    }
}

use Shape::{Fields, List, Number, Switch, Text};

/// Every setting, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    setting_of(
        "listen",
        Text,
        "127.0.0.1:8080",
        "Address and port to listen on. Beyond loopback it needs `[tls]` or `[proxy]`.",
    ),
    setting_of(
        "public_url",
        Text,
        "",
        "The address people reach the server under, `https://help.example.com`. Its origin is the only one the console may have.",
    ),
    setting_of(
        "data_dir",
        Text,
        "",
        "Folder of the database, the key file and attachments.",
    ),
    setting_of(
        "database_url",
        Text,
        "a SQLite file in `data_dir`",
        "`sqlite:/path/file.db` or `postgres://user:password@host/database`.",
    ),
    setting_of(
        "key_file",
        Text,
        "`server.key` in `data_dir`",
        "The server's own key, made at the first start. Keep it with your backups, apart from the database; several servers on one database share it.",
    ),
    setting_of(
        "product",
        Text,
        "Deskbell",
        "The name in mails and text messages.",
    ),
    setting_of(
        "log",
        Text,
        "info",
        "What is logged to standard error: `error`, `warn`, `info`, `debug`, or filters such as `deskbell_server=debug`.",
    ),
    setting_of(
        "connections_per_ip",
        Number,
        "256",
        "Connections one IP address may have open at a time. Connections from a trusted proxy are not counted.",
    ),
    setting_of(
        "drain_seconds",
        Number,
        "0",
        "How long the server goes on serving after it was told to end, while `/readyz` already says no. With several servers: long enough for the proxy to notice.",
    ),
    setting_of(
        "tls.certificate",
        Text,
        "no TLS",
        "PEM file with the certificate and its chain.",
    ),
    setting_of(
        "tls.key",
        Text,
        "no TLS",
        "PEM file with the certificate's private key.",
    ),
    setting_of(
        "proxy.trusted",
        List,
        "no proxy",
        "Networks the reverse proxy connects from, such as `[\"10.0.0.5/32\"]`. Only from these is `X-Forwarded-For` believed.",
    ),
    setting_of(
        "mail.host",
        Text,
        "",
        "The mail server that takes our mail.",
    ),
    setting_of("mail.port", Number, "587, or 465 with `tls`", "Its port."),
    setting_of(
        "mail.security",
        Text,
        "starttls",
        "`starttls` (required, not merely offered), `tls` from the first byte, or `none`, which only a mail server on loopback may have.",
    ),
    setting_of(
        "mail.user",
        Text,
        "no sign-in",
        "User name for the mail server.",
    ),
    setting_of(
        "mail.password",
        Text,
        "",
        "Password for the mail server. Better given as `DESKBELL_MAIL__PASSWORD` or `mail.password_file`.",
    ),
    setting_of("mail.password_file", Text, "", "File with the password."),
    setting_of(
        "mail.from",
        Text,
        "",
        "Sender, `Deskbell <deskbell@example.com>`.",
    ),
    setting_of(
        "mail.ca_file",
        Text,
        "the system's authorities",
        "PEM file with a private certificate authority to trust as well.",
    ),
    setting_of(
        "sms.preset",
        Text,
        "none",
        "`kannel` or `twilio`: fills in method, authentication, body, fields and success.",
    ),
    setting_of(
        "sms.url",
        Text,
        "from the preset",
        "Where messages are handed to the gateway. `https`, or `http` on loopback.",
    ),
    setting_of(
        "sms.allow_plain_http",
        Switch,
        "false",
        "Lets `sms.url` be `http` in a network you trust.",
    ),
    setting_of(
        "sms.method",
        Text,
        "from the preset, or POST",
        "`GET` or `POST`.",
    ),
    setting_of(
        "sms.auth",
        Text,
        "from the preset, or none",
        "`none`, `basic` (user and password), `bearer` (password), or `fields` (placeholders `{user}` and `{password}` in `sms.fields`).",
    ),
    setting_of(
        "sms.user",
        Text,
        "",
        "User name for the gateway; Twilio's account SID.",
    ),
    setting_of(
        "sms.password",
        Text,
        "",
        "Password or token for the gateway. Better given as `DESKBELL_SMS__PASSWORD` or `sms.password_file`.",
    ),
    setting_of("sms.password_file", Text, "", "File with the password."),
    setting_of(
        "sms.body",
        Text,
        "from the preset, or form",
        "How fields are sent: `query`, `form` or `json`.",
    ),
    setting_of(
        "sms.fields",
        Fields,
        "from the preset",
        "Names and values of the fields. Placeholders: `{to}`, `{from}`, `{text}`, `{coding}` (0 for the GSM alphabet, 2 beyond it), `{user}`, `{password}`.",
    ),
    setting_of("sms.from", Text, "", "Sender name or number."),
    setting_of(
        "sms.success",
        List,
        "from the preset, or [200, 201, 202]",
        "HTTP statuses that mean the gateway has taken the message.",
    ),
    setting_of(
        "sms.countries",
        List,
        "",
        "Prefixes of the countries messages are sent to, such as `[\"+49\", \"+351\"]`; others are refused.",
    ),
    setting_of(
        "sms.daily_budget",
        Number,
        "200",
        "Messages in 24 hours at most, to all numbers together.",
    ),
    setting_of(
        "sms.ca_file",
        Text,
        "the system's authorities",
        "PEM file with a private certificate authority to trust as well.",
    ),
    setting_of(
        "bus.servers",
        List,
        "one server alone",
        "NATS servers that wake the other Deskbell servers on the same PostgreSQL, `[\"tls://nats.example.com:4222\"]`. Only ids go there.",
    ),
    setting_of("bus.user", Text, "no sign-in", "User name for NATS."),
    setting_of(
        "bus.password",
        Text,
        "",
        "Password for NATS. Better given as `DESKBELL_BUS__PASSWORD` or `bus.password_file`.",
    ),
    setting_of("bus.password_file", Text, "", "File with the password."),
    setting_of(
        "bus.credentials_file",
        Text,
        "",
        "NATS `.creds` file, instead of user and password.",
    ),
    setting_of(
        "bus.ca_file",
        Text,
        "the system's authorities",
        "PEM file with the authority that signed the NATS servers' certificates; the system's are not asked then.",
    ),
    setting_of(
        "bus.allow_plain",
        Switch,
        "false",
        "Lets `bus.servers` be `nats://` in a network you trust, not only on loopback.",
    ),
    setting_of(
        "metrics.token",
        Text,
        "no metrics",
        "Who shows it as `Authorization: Bearer …` may read `/metrics`. Better given as `DESKBELL_METRICS__TOKEN` or `metrics.token_file`.",
    ),
    setting_of("metrics.token_file", Text, "", "File with the token."),
];

/// The setting with this key.
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// Refuses keys of the file that name no setting, with the nearest that does.
pub fn refuse_unknown(table: &Table) -> Result<(), ConfigError> {
    for (key, value) in table {
        let fields_of = |section: &str| SETTINGS.iter().any(|s| s.key.starts_with(section));
        match value.as_table() {
            Some(section) if fields_of(&format!("{key}.")) => {
                for inner in section.keys() {
                    known(&format!("{key}.{inner}"))?;
                }
            }
            _ => known(key)?,
        }
    }
    Ok(())
}

fn known(key: &str) -> Result<(), ConfigError> {
    if setting(key).is_some() {
        return Ok(());
    }
    let last = key.rsplit('.').next().unwrap_or(key);
    let near = SETTINGS
        .iter()
        .find(|s| s.key.contains(last) || key.ends_with(s.key));
    let hint = near.map_or(String::new(), |s| format!(" Did you mean `{}`?", s.key));
    Err(ConfigError(format!(
        "There is no setting `{key}`.{hint} docs/config.md lists them all."
    )))
}

/// The table in `docs/config.md`.
#[must_use]
pub fn table() -> String {
    let mut text =
        String::from("| setting | environment | default | what it does |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let variable = match setting.shape {
            Fields => "–".to_owned(),
            _ => format!(
                "`DESKBELL_{}`",
                setting.key.replace('.', "__").to_uppercase()
            ),
        };
        let Setting {
            key,
            default,
            about,
            ..
        } = setting;
        let _ = writeln!(text, "| `{key}` | {variable} | {default} | {about} |");
    }
    text
}
