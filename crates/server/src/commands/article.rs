//! `article`: help articles that the home screen offers.

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use deskbell_protocol::ArticleId;
use url::Url;

use super::ConfigFile;
use super::outcome::print;
use super::workplace::Workplace;
use crate::directory::{self, NewArticle};
use crate::store::Purpose;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Add an article.
    Add {
        /// Its title.
        #[arg(long)]
        title: String,
        /// Where it is read, `https://…`.
        #[arg(long)]
        url: String,
        /// The organization it is for; for all when absent.
        #[arg(long)]
        organization: Option<String>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// List all articles with their ids.
    List {
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Remove an article.
    Remove {
        /// Its id, from the list.
        id: ArticleId,
        #[command(flatten)]
        config: ConfigFile,
    },
}

pub async fn run(arguments: Arguments) -> Result<()> {
    match arguments.chore {
        Chore::Add {
            title,
            url,
            organization,
            config,
        } => add(&config, title.trim(), &url, organization.as_deref()).await,
        Chore::List { config } => list(&config).await,
        Chore::Remove { id, config } => remove(&config, id).await,
    }
}

async fn add(config: &ConfigFile, title: &str, url: &str, owner: Option<&str>) -> Result<()> {
    ensure!(!title.is_empty(), "--title must not be empty");
    let url = Url::parse(url).with_context(|| format!("{url} is not an address"))?;
    ensure!(url.scheme() == "https", "--url must begin with https://");
    let place = open(config).await?;
    let mut tx = place.store.write().await?;
    let organization = match owner {
        Some(name) => Some(directory::organization_named(&mut tx, name).await?),
        None => None,
    };
    let new = NewArticle {
        organization,
        title,
        url: url.as_str(),
    };
    let id = directory::put_article(&mut tx, &new, place.clock.now()).await?;
    tx.commit().await?;
    print(&format!("Added {id}."));
    Ok(())
}

async fn list(config: &ConfigFile) -> Result<()> {
    let place = open(config).await?;
    for article in directory::articles(&place.store).await? {
        let owner = article.organization.as_deref().unwrap_or("all");
        print(&format!(
            "{}\t{owner}\t{}\t{}",
            article.id, article.title, article.url
        ));
    }
    Ok(())
}

async fn remove(config: &ConfigFile, id: ArticleId) -> Result<()> {
    let place = open(config).await?;
    let mut tx = place.store.write().await?;
    let removed = directory::remove_article(&mut tx, id).await?;
    ensure!(removed, "there is no article {id}; see `article list`");
    tx.commit().await?;
    print(&format!("Removed {id}."));
    Ok(())
}

async fn open(config: &ConfigFile) -> Result<Workplace> {
    Workplace::open(&config.load()?, Purpose::Tool).await
}
