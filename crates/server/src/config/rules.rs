//! What must hold between settings before the server starts.

use std::net::IpAddr;

use url::{Host, Url};

use super::{Bus, Config, ConfigError, Mail, MailSecurity, Sms};

type Verdict = Result<(), ConfigError>;

/// Refuses a configuration that would be unsafe or cannot work.
pub fn check(config: &Config) -> Verdict {
    public_url(&config.public_url)?;
    transport(config)?;
    config.mail.as_ref().map_or(Ok(()), mail)?;
    config.sms.as_ref().map_or(Ok(()), sms)?;
    metrics(config)?;
    config
        .bus
        .as_ref()
        .map_or(Ok(()), |settings| bus(config, settings))
}

fn refuse<T>(sentence: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError(sentence.into()))
}

fn public_url(url: &Url) -> Verdict {
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let plain = url.username().is_empty() && url.password().is_none();
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback(url)) {
        return refuse("public_url must begin with https:// (http:// is for loopback only).");
    }
    if !bare || !plain {
        return refuse(
            "public_url must be scheme, host and port alone, such as https://help.example.com.",
        );
    }
    Ok(())
}

/// WS-03: codes and tokens never travel in clear beyond this machine.
fn transport(config: &Config) -> Verdict {
    let protected = config.tls.is_some() || !config.trusted_proxies().is_empty();
    if !protected && !config.listen.ip().is_loopback() {
        return refuse(format!(
            "Refusing to serve plain HTTP on {}: give [tls] certificate and key, name your reverse proxy \
             in [proxy] trusted, or listen on 127.0.0.1.",
            config.listen
        ));
    }
    let whole_internet = config
        .trusted_proxies()
        .iter()
        .any(|network| network.prefix_len() == 0);
    if whole_internet {
        return refuse("proxy.trusted must name the proxy's own network, not every address.");
    }
    Ok(())
}

fn mail(mail: &Mail) -> Verdict {
    let local = ["localhost", "127.0.0.1", "::1"].contains(&mail.host.as_str());
    if mail.security == MailSecurity::None && !local {
        return refuse(
            "mail.security = \"none\" is for a mail server on loopback only; use \"starttls\".",
        );
    }
    if mail.from.parse::<lettre::message::Mailbox>().is_err() {
        return refuse("mail.from must be an address, such as Deskbell <deskbell@example.com>.");
    }
    let password = mail.password.is_some() || mail.password_file.is_some();
    if mail.user.is_some() != password {
        return refuse(
            "mail.user and mail.password (or mail.password_file) go together; give both or neither.",
        );
    }
    Ok(())
}

fn sms(sms: &Sms) -> Verdict {
    let Some(url) = sms.url() else {
        return refuse("sms.url is missing: give the gateway's address, or sms.preset.");
    };
    let Ok(url) = url.parse::<Url>() else {
        return refuse("sms.url is not an address.");
    };
    let protected = url.scheme() == "https" || loopback(&url) || sms.allow_plain_http;
    if !protected || !["http", "https"].contains(&url.scheme()) {
        return refuse(
            "sms.url must begin with https:// (or set sms.allow_plain_http for a gateway in a network you trust).",
        );
    }
    let prefix = |text: &String| {
        text.strip_prefix('+')
            .is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    if sms.countries.is_empty() || !sms.countries.iter().all(prefix) {
        return refuse(
            "sms.countries must list the allowed prefixes, such as [\"+49\", \"+351\"].",
        );
    }
    Ok(())
}

fn metrics(config: &Config) -> Verdict {
    let empty = |metrics: &super::Metrics| metrics.token.is_none() && metrics.token_file.is_none();
    if config.metrics.as_ref().is_some_and(empty) {
        return refuse("[metrics] needs token or token_file; take it out to have no metrics.");
    }
    Ok(())
}

fn bus(config: &Config, bus: &Bus) -> Verdict {
    if config.database_url().starts_with("sqlite:") {
        return refuse(
            "[bus] is for several servers on one PostgreSQL: give database_url, or take [bus] out.",
        );
    }
    if bus.servers.is_empty() {
        return refuse("bus.servers must name a NATS server, such as tls://nats.example.com:4222.");
    }
    for server in &bus.servers {
        let url = server.parse::<Url>().ok();
        let bare = |url: &Url| url.username().is_empty() && url.password().is_none();
        let Some(url) = url.filter(|url| ["nats", "tls"].contains(&url.scheme()) && bare(url))
        else {
            return refuse(format!(
                "bus.servers: “{server}” must be tls://host:4222 or nats://host:4222, without a password."
            ));
        };
        if url.scheme() == "nats" && !bus.allow_plain && !loopback(&url) {
            return refuse(
                "bus.servers must begin with tls:// beyond loopback (or set bus.allow_plain in a network you trust).",
            );
        }
    }
    let password = bus.password.is_some() || bus.password_file.is_some();
    if bus.user.is_some() != password {
        return refuse(
            "bus.user and bus.password (or bus.password_file) go together; give both or neither.",
        );
    }
    Ok(())
}

fn loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // Of schemes it does not know, the parser leaves addresses as they are written.
        Some(Host::Domain(name)) => {
            let ip = name.parse::<IpAddr>().ok();
            name == "localhost" || ip.is_some_and(|ip| ip.is_loopback())
        }
        None => false,
    }
}
