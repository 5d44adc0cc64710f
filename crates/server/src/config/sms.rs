//! Settings of the text message gateway, and what the presets fill in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// A gateway whose ways are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsPreset {
    /// Kannel's `sendsms`.
    Kannel,
    /// Twilio's Messages resource, and gateways with the same shape.
    Twilio,
}

/// The HTTP method a gateway wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SmsMethod {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// How the server proves itself to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsAuth {
    /// Not at all.
    None,
    /// HTTP Basic with user and password.
    Basic,
    /// `Authorization: Bearer` with the password.
    Bearer,
    /// By placeholders in the fields.
    Fields,
}

/// How the fields are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsBody {
    /// In the URL.
    Query,
    /// As a form.
    Form,
    /// As a JSON object.
    Json,
}

/// How text messages are sent.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// A gateway whose ways are known.
    #[serde(default)]
    pub preset: Option<SmsPreset>,
    #[serde(default)]
    url: Option<String>,
    /// Lets the URL be `http` beyond loopback.
    #[serde(default)]
    pub allow_plain_http: bool,
    #[serde(default)]
    method: Option<SmsMethod>,
    #[serde(default)]
    auth: Option<SmsAuth>,
    /// User name.
    #[serde(default)]
    pub user: Option<String>,
    /// Password or token.
    #[serde(default)]
    pub password: Option<String>,
    /// File with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    #[serde(default)]
    body: Option<SmsBody>,
    #[serde(default)]
    fields: Option<BTreeMap<String, String>>,
    /// Sender name or number.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    success: Option<Vec<u16>>,
    /// Country prefixes messages are sent to.
    pub countries: Vec<String>,
    /// Messages in 24 hours at most.
    #[serde(default = "default_budget")]
    pub daily_budget: i64,
    /// A private certificate authority to trust as well.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

impl Sms {
    /// Where messages are handed over; `None` if neither given nor known.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        let twilio = || {
            let account = self.user.as_deref().unwrap_or_default();
            format!("https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json")
        };
        let preset = (self.preset == Some(SmsPreset::Twilio)).then(twilio);
        self.url.clone().or(preset)
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> SmsMethod {
        let preset = if self.preset == Some(SmsPreset::Kannel) {
            SmsMethod::Get
        } else {
            SmsMethod::Post
        };
        self.method.unwrap_or(preset)
    }

    /// How the server proves itself.
    #[must_use]
    pub fn auth(&self) -> SmsAuth {
        self.auth.unwrap_or(match self.preset {
            Some(SmsPreset::Kannel) => SmsAuth::Fields,
            Some(SmsPreset::Twilio) => SmsAuth::Basic,
            None => SmsAuth::None,
        })
    }

    /// How the fields are sent.
    #[must_use]
    pub fn body(&self) -> SmsBody {
        let preset = if self.preset == Some(SmsPreset::Kannel) {
            SmsBody::Query
        } else {
            SmsBody::Form
        };
        self.body.unwrap_or(preset)
    }

    /// The fields with their placeholders.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, String> {
        self.fields.clone().unwrap_or_else(|| {
            let preset = preset_fields(self.preset).iter();
            let sender = |(_, value): &&(&str, &str)| *value != "{from}" || !self.from.is_empty();
            preset
                .filter(sender)
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect()
        })
    }

    /// The statuses that mean the gateway has taken the message.
    #[must_use]
    pub fn success(&self) -> Vec<u16> {
        self.success.clone().unwrap_or_else(|| vec![200, 201, 202])
    }

    /// Whether a number (E.164) is in a country messages are sent to.
    #[must_use]
    pub fn reaches(&self, number: &str) -> bool {
        self.countries
            .iter()
            .any(|prefix| number.starts_with(prefix.as_str()))
    }
}

fn preset_fields(preset: Option<SmsPreset>) -> &'static [(&'static str, &'static str)] {
    match preset {
        Some(SmsPreset::Kannel) => &[
            ("username", "{user}"),
            ("password", "{password}"),
            ("to", "{to}"),
            ("from", "{from}"),
            ("text", "{text}"),
            ("coding", "{coding}"),
            ("charset", "UTF-8"),
        ],
        Some(SmsPreset::Twilio) => &[("To", "{to}"), ("From", "{from}"), ("Body", "{text}")],
        None => &[("to", "{to}"), ("from", "{from}"), ("text", "{text}")],
    }
}

fn default_budget() -> i64 {
    200
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sms")
            .field("preset", &self.preset)
            .finish_non_exhaustive()
    }
}
