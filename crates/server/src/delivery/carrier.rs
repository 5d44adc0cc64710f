//! What takes a letter from the queue and brings it away.

use deskbell_protocol::Timestamp;

use super::gateway::Gateway;
use super::mailbox::Mailbox;
use super::smtp::Smtp;
use super::{Channel, Letter};
use crate::config::Config;

/// Why a letter was not taken. Never names the person or the code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may be taken later.
    #[error("not now: {0}")]
    Later(String),
    /// It will never be taken.
    #[error("refused: {0}")]
    Never(String),
}

/// Brings letters of one channel away.
#[derive(Clone)]
pub enum Carrier {
    /// A mail server.
    Smtp(Smtp),
    /// A text message gateway.
    Gateway(Box<Gateway>),
    /// Kept here to be looked at.
    Mailbox(Mailbox),
}

/// The carriers of this server.
#[derive(Clone)]
pub struct Carriers {
    /// The name in the letters.
    pub product: String,
    /// For e-mail.
    pub email: Option<Carrier>,
    /// For text messages.
    pub sms: Option<Carrier>,
}

impl Carriers {
    /// As configured; what is not configured is absent.
    ///
    /// # Errors
    /// When a file cannot be read or an address is none.
    pub fn configured(config: &Config) -> anyhow::Result<Self> {
        let email = config.mail.as_ref().map(Smtp::new).transpose()?;
        let sms = config.sms.as_ref().map(Gateway::new).transpose()?;
        Ok(Self {
            product: config.product.clone(),
            email: email.map(Carrier::Smtp),
            sms: sms.map(|gateway| Carrier::Gateway(Box::new(gateway))),
        })
    }

    /// Everything is kept in this mailbox.
    #[must_use]
    pub fn mailbox(mailbox: &Mailbox) -> Self {
        Self {
            product: "Deskbell".to_owned(),
            email: Some(Carrier::Mailbox(mailbox.clone())),
            sms: Some(Carrier::Mailbox(mailbox.clone())),
        }
    }

    /// Brings one letter away.
    ///
    /// # Errors
    /// [`Failure`] says whether to try again.
    pub async fn carry(
        &self,
        channel: Channel,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let carrier = match channel {
            Channel::Email => self.email.as_ref(),
            Channel::Sms => self.sms.as_ref(),
        };
        let text = letter.text(channel, &self.product);
        match carrier {
            Some(Carrier::Smtp(smtp)) => {
                smtp.send(&letter.to, &Letter::subject(&self.product), text)
                    .await
            }
            Some(Carrier::Gateway(gateway)) => gateway.send(&letter.to, &text).await,
            Some(Carrier::Mailbox(mailbox)) => {
                mailbox.keep(channel, &letter.to, text, now);
                Ok(())
            }
            None => Err(Failure::Never(
                "this server has nothing to send it with".to_owned(),
            )),
        }
    }
}
