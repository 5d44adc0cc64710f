//! Mail by SMTP.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::Failure;
use crate::config::{Mail, MailSecurity};

const TIMEOUT: Duration = Duration::from_secs(20);
const CONNECTIONS: u32 = 4;

/// A mail server that takes our mail.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Prepares the connection; nothing is sent yet.
    ///
    /// # Errors
    /// When a file cannot be read or the sender is no address.
    pub fn new(settings: &Mail) -> Result<Self> {
        let from = settings
            .from
            .parse()
            .context("mail.from is not an address")?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&*settings.host)
            .port(settings.port())
            .tls(tls(settings)?)
            .timeout(Some(TIMEOUT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let (Some(user), Some(password)) = (&settings.user, password(settings)?) {
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from,
        })
    }

    /// Connects, greets and signs in, without sending.
    ///
    /// # Errors
    /// What the mail server said.
    pub async fn probe(&self) -> Result<()> {
        let answers = self
            .transport
            .test_connection()
            .await
            .map_err(|e| anyhow::anyhow!(chain(&e)))?;
        anyhow::ensure!(answers, "the mail server does not answer NOOP");
        Ok(())
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`Failure::Never`] when the mail server refuses it for good.
    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<(), Failure> {
        let address = to
            .parse::<Address>()
            .map_err(|_| never("the address cannot be mailed to"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .raw_header(automatic())
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|_| never("the mail cannot be written"))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(never(&status(&error))),
            Err(error) => Err(Failure::Later(status(&error))),
        }
    }
}

/// Keeps holiday notices from answering (RFC 3834).
fn automatic() -> HeaderValue {
    HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    )
}

fn never(reason: &str) -> Failure {
    Failure::Never(reason.to_owned())
}

/// What happened, without what the server said: its text may quote the address.
fn status(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_tls() => "TLS with the mail server failed".to_owned(),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn password(settings: &Mail) -> Result<Option<String>> {
    secret(
        settings.password.as_ref(),
        settings.password_file.as_deref(),
    )
}

/// A secret given as it is or as a file that holds it.
pub(crate) fn secret(text: Option<&String>, file: Option<&Path>) -> Result<Option<String>> {
    let Some(file) = file else {
        return Ok(text.cloned());
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the password file {}", file.display()))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn tls(settings: &Mail) -> Result<Tls> {
    if settings.security == MailSecurity::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(file) = &settings.ca_file {
        let pem = std::fs::read(file)
            .with_context(|| format!("cannot read mail.ca_file {}", file.display()))?;
        let authority = Certificate::from_pem(&pem)
            .with_context(|| format!("{} is not a PEM certificate", file.display()))?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters
        .build()
        .context("TLS for mail cannot be set up")?;
    Ok(match settings.security {
        MailSecurity::Tls => Tls::Wrapper(parameters),
        _ => Tls::Required(parameters),
    })
}
