//! `check`: tries everything the server needs, and says what to do about what fails.

use anyhow::{Context, Result, bail};

use super::ConfigFile;
use super::outcome::print;
use super::serve;
use super::workplace::Workplace;
use crate::config::Config;
use crate::delivery::{Carrier, Carriers};
use crate::store::OpenError;

pub async fn run(file: &ConfigFile) -> Result<()> {
    let config = file.load()?;
    print(&format!("ok    configuration: {}", file.config.display()));
    let carriers = Carriers::configured(&config);
    let checks = [
        report(
            "connections",
            &connections(&config),
            "correct [tls] or take it out",
        ),
        report(
            "database and key file",
            &database(&config).await,
            "see the reason; docs/config.md",
        ),
        report(
            "mail",
            &mail(&config, carriers.as_ref()).await,
            "correct [mail]",
        ),
        report(
            "text messages",
            &text_messages(&config, carriers.as_ref()).await,
            "correct [sms]",
        ),
    ];
    match checks.iter().filter(|passed| !**passed).count() {
        0 => Ok(()),
        failed => bail!("{failed} of {} checks failed", checks.len()),
    }
}

fn report(what: &str, result: &Result<String>, remedy: &str) -> bool {
    match result {
        Ok(found) => print(&format!("ok    {what}: {found}")),
        Err(error) => print(&format!("FAIL  {what}: {error:#}. Remedy: {remedy}.")),
    }
    result.is_ok()
}

fn connections(config: &Config) -> Result<String> {
    serve::door(config)?;
    Ok(match (&config.tls, config.trusted_proxies()) {
        (Some(_), _) => format!("TLS on {}", config.listen),
        (None, []) => format!("plain HTTP on {}, this machine only", config.listen),
        (None, _) => format!("plain HTTP on {} behind the trusted proxy", config.listen),
    })
}

async fn database(config: &Config) -> Result<String> {
    let place = match Workplace::look(config).await {
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::Missing { .. })) => {
            return Ok(format!("{error}"));
        }
        looked => looked?,
    };
    let accounts: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM account")
        .fetch_one(place.store.read())
        .await?;
    place.store.close().await;
    Ok(format!("{:?}, {accounts} accounts", place.store.engine()))
}

async fn mail(config: &Config, carriers: Result<&Carriers, &anyhow::Error>) -> Result<String> {
    let Some(Carrier::Smtp(smtp)) = &built(carriers)?.email else {
        bail!("not configured, so no code can be mailed");
    };
    smtp.probe().await.context("the mail server was tried")?;
    let host = config
        .mail
        .as_ref()
        .map(|mail| mail.host.as_str())
        .unwrap_or_default();
    Ok(format!("{host} lets us send"))
}

async fn text_messages(
    config: &Config,
    carriers: Result<&Carriers, &anyhow::Error>,
) -> Result<String> {
    let Some(Carrier::Gateway(gateway)) = &built(carriers)?.sms else {
        return Ok("switched off".to_owned());
    };
    gateway.probe().await.context("the gateway was tried")?;
    let countries = config
        .sms
        .as_ref()
        .map(|sms| sms.countries.join(", "))
        .unwrap_or_default();
    Ok(format!(
        "the gateway can be reached; served are {countries}"
    ))
}

fn built<'a>(carriers: Result<&'a Carriers, &anyhow::Error>) -> Result<&'a Carriers> {
    carriers.map_err(|error| anyhow::anyhow!("{error:#}"))
}
