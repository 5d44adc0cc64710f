//! `technician`: who answers in the console.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use deskbell_protocol::Role;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::ConfigFile;
use super::outcome::print;
use super::workplace::Workplace;
use crate::directory::{self, NewTechnician};
use crate::identity::address;
use crate::identity::totp::Authenticator;
use crate::store::Purpose;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Add a technician and show the authenticator to set up.
    Add {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
        /// Their name, as everybody sees it.
        #[arg(long)]
        name: String,
        /// They may administer as well.
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// List all technicians.
    List {
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Let a technician sign in no more, and end what they have open.
    Disable {
        /// Their address.
        #[arg(long)]
        email: String,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Give a technician a new authenticator; lets a disabled one in again.
    Reset {
        /// Their address.
        #[arg(long)]
        email: String,
        #[command(flatten)]
        config: ConfigFile,
    },
}

pub async fn run(arguments: Arguments) -> Result<()> {
    match arguments.chore {
        Chore::Add {
            email,
            name,
            admin,
            config,
        } => add(&config, &email, &name, admin).await,
        Chore::List { config } => list(&config).await,
        Chore::Disable { email, config } => disable(&config, &email).await,
        Chore::Reset { email, config } => reset(&config, &email).await,
    }
}

async fn add(config: &ConfigFile, email: &str, name: &str, admin: bool) -> Result<()> {
    let email = stored(email)?;
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        bail!("--name must be the person's name");
    }
    let place = open(config).await?;
    let mut tx = place.store.write().await?;
    let new = NewTechnician {
        name,
        email: &email,
        admin,
    };
    let made = directory::put_technician(&mut tx, &place.key, &new, place.clock.now()).await;
    let authenticator = made.with_context(|| format!("{email} was not added"))?;
    tx.commit().await?;
    print(&format!("Added {name} <{email}>."));
    show(&authenticator)
}

async fn list(config: &ConfigFile) -> Result<()> {
    let place = open(config).await?;
    for technician in directory::technicians(&place.store).await? {
        let role = if technician.role == Role::Admin {
            "admin"
        } else {
            "technician"
        };
        let state = if technician.disabled {
            "disabled"
        } else {
            "active"
        };
        print(&format!(
            "{}\t{}\t{role}\t{state}",
            technician.email, technician.name
        ));
    }
    Ok(())
}

async fn disable(config: &ConfigFile, email: &str) -> Result<()> {
    let email = stored(email)?;
    let place = open(config).await?;
    let mut tx = place.store.write().await?;
    let disabled = directory::disable(&mut tx, &email, place.clock.now()).await;
    let role = disabled.with_context(|| format!("{email} was not disabled"))?;
    if role == Role::Requester {
        bail!("{email} is a requester; import them with active = no instead");
    }
    tx.commit().await?;
    print(&format!(
        "{email} cannot sign in any more; open sessions end within two seconds."
    ));
    Ok(())
}

async fn reset(config: &ConfigFile, email: &str) -> Result<()> {
    let email = stored(email)?;
    let place = open(config).await?;
    let mut tx = place.store.write().await?;
    let made = directory::reset_authenticator(&mut tx, &place.key, &email, place.clock.now()).await;
    let authenticator = made.with_context(|| format!("{email} has no new authenticator"))?;
    tx.commit().await?;
    print(&format!(
        "{email} has a new authenticator; the old one and open sessions are over."
    ));
    show(&authenticator)
}

async fn open(config: &ConfigFile) -> Result<Workplace> {
    Workplace::open(&config.load()?, Purpose::Tool).await
}

fn stored(email: &str) -> Result<String> {
    address::email(email).with_context(|| format!("{email} is not one complete e-mail address"))
}

fn show(authenticator: &Authenticator) -> Result<()> {
    let url = authenticator.url()?;
    let code = QrCode::new(&url).context("the address does not fit into a QR code")?;
    // Terminals are mostly dark: what is paper on paper is light here.
    let picture = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .build();
    print("Scan this with an authenticator app, or type in the secret. It is not shown again.");
    print(&picture);
    print(&format!("Secret:  {}", authenticator.base32()));
    print(&format!("Address: {url}"));
    Ok(())
}
