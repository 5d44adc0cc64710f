//! `organization`: what an organization's home screen shows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand};
use deskbell_protocol::{Hours, Logo};

use super::ConfigFile;
use super::hours;
use super::outcome::print;
use super::workplace::Workplace;
use crate::directory::{self, NewOrganization};
use crate::store::Purpose;

/// Largest logo, in bytes of the file.
const LOGO_BYTES: usize = 64 * 1024;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Say how an organization's home screen looks; what is not given stays as it is.
    Set(Box<Set>),
    /// List all organizations.
    List {
        #[command(flatten)]
        config: ConfigFile,
    },
}

#[derive(Debug, Args)]
struct Set {
    /// Its name, as in the imported people; a new one is made.
    #[arg(long)]
    name: String,
    /// The accent colour, `#rrggbb`.
    #[arg(long)]
    accent: Option<String>,
    /// The logo, a PNG or SVG file of at most 64 KiB.
    #[arg(long)]
    logo: Option<PathBuf>,
    /// The hotline, for when the network is what is broken.
    #[arg(long)]
    phone: Option<String>,
    /// When somebody answers, `Mon-Fri 08:00-17:30, Sat 09:00-12:00`.
    #[arg(long, requires = "time_zone")]
    hours: Option<String>,
    /// Where these hours are, `Europe/Berlin`.
    #[arg(long, requires = "hours")]
    time_zone: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

pub async fn run(arguments: Arguments) -> Result<()> {
    match arguments.chore {
        Chore::Set(set) => put(&set).await,
        Chore::List { config } => list(&config).await,
    }
}

async fn put(set: &Set) -> Result<()> {
    let name = set.name.trim();
    ensure!(
        !name.is_empty() && !name.chars().any(char::is_control),
        "--name must be the organization's name"
    );
    let new = NewOrganization {
        name,
        accent_colour: set.accent.as_deref().map(colour).transpose()?,
        logo: set.logo.as_deref().map(logo).transpose()?,
        hours: opening(set)?,
        phone: set.phone.as_deref().map(phone).transpose()?,
    };
    let place = Workplace::open(&set.config.load()?, Purpose::Tool).await?;
    let mut tx = place.store.write().await?;
    let now = place.clock.now();
    let id = directory::put_organization(&mut tx, &new, now).await?;
    directory::tell_organization(&mut tx, id, now).await?;
    tx.commit().await?;
    print(&format!(
        "{name} is as you said; open windows follow within seconds."
    ));
    Ok(())
}

async fn list(config: &ConfigFile) -> Result<()> {
    let place = Workplace::open(&config.load()?, Purpose::Tool).await?;
    for (name, people) in directory::organizations(&place.store).await? {
        print(&format!("{name}\t{people} people"));
    }
    Ok(())
}

fn opening(set: &Set) -> Result<Option<Hours>> {
    let (Some(hours), Some(time_zone)) = (&set.hours, &set.time_zone) else {
        return Ok(None);
    };
    hours::parse(hours, time_zone).map(Some)
}

fn colour(text: &str) -> Result<&str> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let right = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    ensure!(right, "--accent must be a colour such as #0f6e84");
    Ok(text)
}

fn phone(text: &str) -> Result<&str> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let strange = text
        .chars()
        .any(|c| !c.is_ascii_digit() && !"+ -()/".contains(c));
    ensure!(
        digits >= 3 && !strange,
        "--phone must be a telephone number"
    );
    Ok(text)
}

fn logo(file: &Path) -> Result<Logo> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    ensure!(
        bytes.len() <= LOGO_BYTES,
        "the logo must not be larger than 64 KiB"
    );
    let media_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if std::str::from_utf8(&bytes).is_ok_and(|text| text.contains("<svg")) {
        "image/svg+xml"
    } else {
        bail!("{} is neither a PNG nor an SVG file", file.display());
    };
    Ok(Logo {
        media_type: media_type.to_owned(),
        data_base64: STANDARD.encode(bytes),
    })
}
