//! Real text messages: Kannel takes them over HTTP and hands them to an SMS centre, which is played here.

mod centre;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use tempfile::TempDir;

use self::centre::Centre;
pub use self::centre::Text;
use crate::{
    folder::open_folder,
    mail::code_in,
    port::Port,
    process::{Process, Program},
    wait::eventually,
};

/// Kannel's user for sending.
pub const USER: &str = "deskbell";
/// Their password.
pub const PASSWORD: &str = "secret";

/// A running SMS gateway with its centre.
#[derive(Debug)]
pub struct Sms {
    centre: Centre,
    _smsbox: Process,
    _bearerbox: Process,
    send: Port,
    _folder: TempDir,
}

/// The ports Kannel's parts meet on.
struct Ports {
    admin: Port,
    boxes: Port,
    centre: Port,
    send: Port,
}

impl Sms {
    /// Starts Kannel's bearerbox and smsbox, and connects the centre.
    ///
    /// # Errors
    /// When Kannel is not installed or does not start.
    pub async fn start() -> Result<Self> {
        let folder = open_folder()?;
        let ports = Ports {
            admin: Port::take()?,
            boxes: Port::take()?,
            centre: Port::take()?,
            send: Port::take()?,
        };
        let settings = folder.path().join("kannel.conf");
        fs::write(&settings, configuration(&ports))?;
        let mut bearerbox = kannel("/usr/sbin/bearerbox", folder.path(), &settings)?;
        let centre = bearerbox
            .ready("bearerbox to listen", async || {
                Centre::connect(&ports.centre).await
            })
            .await?;
        bearerbox
            .ready("bearerbox to listen", async || ports.boxes.answers().await)
            .await?;
        let mut smsbox = kannel("/usr/sbin/smsbox", folder.path(), &settings)?;
        smsbox
            .ready("smsbox to listen", async || ports.send.answers().await)
            .await?;
        Ok(Self {
            centre,
            _smsbox: smsbox,
            _bearerbox: bearerbox,
            send: ports.send,
            _folder: folder,
        })
    }

    /// Where text messages are handed in: Kannel's `sendsms`, with [`USER`] and [`PASSWORD`].
    #[must_use]
    pub fn send_url(&self) -> String {
        format!("http://{}/cgi-bin/sendsms", self.send.address())
    }

    /// What reached the centre for this number, oldest first.
    #[must_use]
    pub fn received(&self, number: &str) -> Vec<Text> {
        self.centre
            .received()
            .into_iter()
            .filter(|text| text.to == number)
            .collect()
    }

    /// Waits for the text message that brings the `count`th code (1 is the first), and gives that code.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn code(&self, number: &str, count: usize) -> Result<String> {
        eventually(
            &format!("code {count} at the SMS centre for {number}"),
            async || {
                let texts = self.received(number);
                let text = texts
                    .get(count.saturating_sub(1))
                    .with_context(|| format!("{:?}", self.centre.received()))?;
                code_in(&text.text).with_context(|| format!("no code in {:?}", text.text))
            },
        )
        .await
    }
}

fn kannel(program: &str, folder: &Path, settings: &Path) -> Result<Process> {
    Program::new(program, folder)
        .args(["-v", "1"])
        .arg(settings)
        .unprivileged()
        .start()
}

fn configuration(ports: &Ports) -> String {
    let (admin, boxes) = (ports.admin.number(), ports.boxes.number());
    let (centre, send) = (ports.centre.number(), ports.send.number());
    format!(
        "group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {PASSWORD}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = \"127.0.0.1\"

group = smsc
smsc = fake
smsc-id = fake
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {send}
sendsms-interface = 127.0.0.1
global-sender = 12345

group = sendsms-user
username = {USER}
password = {PASSWORD}
max-messages = 3
concatenation = true
default-smsc = fake

group = sms-service
keyword = default
text = \"\"
max-messages = 0
"
    )
}
