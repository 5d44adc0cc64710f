//! Writing the sample data down, once.

use std::sync::Arc;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deskbell_protocol::{Hours, Logo, OpenSpan, OrganizationId, Timestamp};

use super::People;
use super::sample::{ARTICLES, ORGANIZATIONS, SampleOrganization, SamplePerson, TECHNICIANS};
use crate::clock::Clock;
use crate::directory::{self, NewArticle, NewDevice, NewOrganization, NewRequester, NewTechnician};
use crate::identity::key::ServerKey;
use crate::identity::totp::Authenticator;
use crate::store::{Store, Tx};

/// Fills an empty database with the sample data, and says who can sign in.
///
/// # Errors
/// When the database fails, or was filled under another key.
pub async fn fill(store: &Store, key: &ServerKey, clock: &dyn Clock) -> Result<People> {
    let mut tx = store.write().await?;
    let filled: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM organization")
        .fetch_one(&mut *tx)
        .await?;
    if filled == 0 {
        write(&mut tx, key, clock.now()).await?;
    }
    tx.commit().await?;
    people(store, key).await
}

async fn write(tx: &mut Tx, key: &ServerKey, now: Timestamp) -> Result<()> {
    for sample in ORGANIZATIONS {
        let organization = directory::put_organization(tx, &organization(sample), now).await?;
        for person in sample.people {
            put_person(tx, organization, person, now).await?;
        }
        put_articles(tx, Some(organization), sample.articles, now).await?;
    }
    put_articles(tx, None, ARTICLES, now).await?;
    for &(name, email, admin) in TECHNICIANS {
        directory::put_technician(tx, key, &NewTechnician { name, email, admin }, now).await?;
    }
    Ok(())
}

fn organization(sample: &SampleOrganization) -> NewOrganization<'_> {
    let span = |&(weekday, opens, closes): &(u8, &str, &str)| OpenSpan {
        weekday,
        opens: opens.to_owned(),
        closes: closes.to_owned(),
    };
    NewOrganization {
        name: sample.name,
        accent_colour: Some(sample.accent_colour),
        logo: Some(Logo {
            media_type: "image/svg+xml".to_owned(),
            data_base64: STANDARD.encode(sample.logo_svg),
        }),
        hours: Some(Hours {
            time_zone: sample.time_zone.to_owned(),
            weekly: sample.hours.iter().map(span).collect(),
        }),
        phone: Some(sample.phone),
    }
}

async fn put_person(
    tx: &mut Tx,
    organization: OrganizationId,
    person: &SamplePerson,
    now: Timestamp,
) -> Result<()> {
    let &SamplePerson {
        name,
        email,
        phone,
        devices,
    } = person;
    let new = NewRequester {
        organization,
        name,
        email,
        phone: Some(phone),
    };
    directory::put_requester(tx, &new, now).await?;
    for &(name, kind, model, serial) in devices {
        let new = NewDevice {
            owner: email,
            name,
            kind,
            model: Some(model),
            serial: Some(serial),
        };
        directory::put_device(tx, &new, now).await?;
    }
    Ok(())
}

async fn put_articles(
    tx: &mut Tx,
    organization: Option<OrganizationId>,
    articles: &[(&str, &str)],
    now: Timestamp,
) -> Result<()> {
    for &(title, url) in articles {
        directory::put_article(
            tx,
            &NewArticle {
                organization,
                title,
                url,
            },
            now,
        )
        .await?;
    }
    Ok(())
}

async fn people(store: &Store, key: &ServerKey) -> Result<People> {
    let requesters =
        sqlx::query_scalar("SELECT email FROM account WHERE role = 'requester' ORDER BY email")
            .fetch_all(store.read())
            .await?;
    let technicians: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, email, totp_secret FROM account
         WHERE role <> 'requester' AND totp_secret IS NOT NULL ORDER BY role DESC, email",
    )
    .fetch_all(store.read())
    .await?;
    let authenticators = technicians.into_iter().map(|(id, email, sealed)| {
        let authenticator = Authenticator::from_base32(&key.open(&id, &sealed)?, &email)?;
        Ok((email, Arc::new(authenticator)))
    });
    Ok(People {
        requesters,
        authenticators: authenticators.collect::<Result<_>>()?,
    })
}
