//! The server as an operator runs it: a process that can be killed and started again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use deskbell_testing::{
    folder::private_folder,
    mail::{self, Mail},
    port::Port,
    process::{Process, Program},
    sms::{self, Sms},
};
use serde::Deserialize;
use tempfile::TempDir;

use crate::{letters::Mailbox, programs};

/// What the demo server says when it is ready.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// The server's address.
    pub url: String,
    /// The console's address.
    pub console: String,
    /// Where the codes it would send can be read.
    pub mailbox: String,
    /// The technicians' second factors.
    pub authenticators: Vec<Authenticator>,
}

/// A technician's second factor.
#[derive(Debug, Clone, Deserialize)]
pub struct Authenticator {
    /// Whose.
    pub email: String,
    /// In base32.
    pub secret: String,
}

/// A running server. Its data is thrown away with it.
#[derive(Debug)]
pub struct Server {
    program: Program,
    process: Process,
    port: Port,
    folder: TempDir,
    authenticators: Vec<Authenticator>,
}

impl Server {
    /// The demo, with its people, devices and articles.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn demo() -> Result<Self> {
        let (folder, port) = (private_folder()?, Port::take()?);
        let program = Program::new(programs::server()?, folder.path())
            .args([
                "demo",
                "--listen",
                &port.address().to_string(),
                "--data-dir",
            ])
            .arg(folder.path().join("data"));
        let mut process = program.clone().start()?;
        let output = folder.path().join("deskbell-server.out");
        let ready = process
            .ready("the demo's ready line", async || {
                let printed = fs::read_to_string(&output)?;
                let line = printed
                    .lines()
                    .find(|line| line.starts_with('{'))
                    .context("no line yet")?;
                Ok(serde_json::from_str::<Ready>(line)?)
            })
            .await?;
        Ok(Self {
            program,
            process,
            port,
            folder,
            authenticators: ready.authenticators,
        })
    }

    /// A server as an operator sets one up: a configuration file with a real mail server and SMS
    /// gateway, people and devices imported from files, one technician.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn with_mail_and_sms(mail: &Mail, sms: &Sms) -> Result<Self> {
        Self::set_up(&carriers(mail, sms), PEOPLE, Some(DEVICES)).await
    }

    /// A server with these settings beside the address and the folder, and these people.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn set_up(settings: &str, people: &str, devices: Option<&str>) -> Result<Self> {
        let (folder, port) = (private_folder()?, Port::take()?);
        let config = folder.path().join(CONFIG);
        fs::write(&config, place(folder.path(), &port) + settings)?;
        let program = Program::new(programs::server()?, folder.path());
        let chore =
            |arguments: &[&str]| program.clone().args(arguments).arg("--config").arg(&config);
        for (file, lines) in [("people.csv", Some(people)), ("devices.csv", devices)] {
            let Some(lines) = lines else { continue };
            fs::write(folder.path().join(file), lines)?;
            chore(&["import", file]).run().await?;
        }
        let (name, email) = TECHNICIAN;
        let printed = chore(&["technician", "add", "--email", email, "--name", name])
            .run()
            .await?;
        let authenticators = vec![Authenticator {
            email: email.to_owned(),
            secret: secret_in(&printed)?,
        }];
        let program = chore(&["serve"]);
        let mut process = program.clone().start()?;
        process
            .ready("the server to listen", async || port.answers().await)
            .await?;
        Ok(Self {
            program,
            process,
            port,
            folder,
            authenticators,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> std::net::SocketAddr {
        self.port.address()
    }

    /// Its address, `http://127.0.0.1:…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }

    /// The demo's mailbox.
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        Mailbox {
            url: format!("{}/mailbox", self.url()),
        }
    }

    /// A technician's authenticator secret.
    ///
    /// # Errors
    /// When there is no such technician.
    pub fn authenticator(&self, email: &str) -> Result<&str> {
        let found = self
            .authenticators
            .iter()
            .find(|technician| technician.email == email);
        found
            .map(|technician| technician.secret.as_str())
            .with_context(|| format!("no technician {email}"))
    }

    /// Its folder of data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the operator's commands on this server's configuration, run in its folder.
    #[must_use]
    pub fn chore(&self, arguments: &[&str]) -> Program {
        let program = Program::new(self.program.path(), self.folder.path());
        program
            .args(arguments)
            .arg("--config")
            .arg(self.folder.path().join(CONFIG))
    }

    /// Puts a file into its folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, name: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.folder.path().join(name), text)?)
    }

    /// Puts a backup in the place of its database.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn restore(&self, backup: &str) -> Result<()> {
        for leftover in ["deskbell.db-wal", "deskbell.db-shm"] {
            let _ = fs::remove_file(self.data().join(leftover));
        }
        fs::copy(
            self.folder.path().join(backup),
            self.data().join("deskbell.db"),
        )?;
        Ok(())
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Everything it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.printed() + &self.process.complained()
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill().map(drop)
    }

    /// Starts it again at the same address with the same data.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process = self.program.clone().start()?;
        let port = &self.port;
        self.process
            .ready("the server to listen again", async || port.answers().await)
            .await
    }
}

/// An operator's configuration file.
const CONFIG: &str = "deskbell.toml";

/// The technician of a server that is not the demo: name and address.
pub const TECHNICIAN: (&str, &str) = ("Tess Berg", "tess.berg@deskbell.example");

const PEOPLE: &str = "organization,name,email,phone
Harbour & Finch,Ana Silva,ana.silva@harbourfinch.example,+4915112345601
Harbour & Finch,Ben Okafor,ben.okafor@harbourfinch.example,+4915112345602
";

const DEVICES: &str = "email,name,kind,model,serial
ana.silva@harbourfinch.example,HF-LT-0412,laptop,Lenovo ThinkPad T14,PF3XK412
ana.silva@harbourfinch.example,Front desk printer,printer,HP LaserJet M507,PHBB901Q
";

/// The settings every server needs.
fn place(folder: &Path, port: &Port) -> String {
    format!(
        "listen = \"{listen}\"\npublic_url = \"http://{listen}\"\ndata_dir = \"{data}\"\n",
        listen = port.address(),
        data = folder.join("data").display(),
    )
}

/// The settings that hand codes to these peers.
fn carriers(mail: &Mail, sms: &Sms) -> String {
    format!(
        "[mail]
host = \"localhost\"
port = {mail_port}
security = \"starttls\"
user = \"{mail_user}\"
password = \"{mail_password}\"
from = \"Deskbell <{mail_user}>\"
ca_file = \"{ca}\"

[sms]
preset = \"kannel\"
url = \"{sms_url}\"
user = \"{sms_user}\"
password = \"{sms_password}\"
countries = [\"+49\"]
",
        mail_port = mail.submission().port(),
        mail_user = mail::USER,
        mail_password = mail::PASSWORD,
        ca = mail.ca_file().display(),
        sms_url = sms.send_url(),
        sms_user = sms::USER,
        sms_password = sms::PASSWORD,
    )
}

/// The secret in what `technician add` prints, from its `otpauth://` address.
fn secret_in(printed: &str) -> Result<String> {
    let Some((_, rest)) = printed.split_once("secret=") else {
        bail!("no secret in {printed:?}")
    };
    Ok(rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect())
}
