//! People written straight into a database, and sessions begun for them without codes.

use anyhow::{Context, Result};
use deskbell_protocol::{AccountId, Role};
use deskbell_server::clock::Clock;
use deskbell_server::directory::{self, NewOrganization, NewRequester, NewTechnician};
use deskbell_server::identity::key::ServerKey;
use deskbell_server::identity::totp::Authenticator;
use deskbell_server::identity::{Place, account, begin};
use deskbell_server::store::Store;

/// A technician with their authenticator.
pub struct TestTechnician {
    /// Their address.
    pub email: String,
    /// What shows their second factor.
    pub authenticator: Authenticator,
}

/// The people in a database.
#[derive(Clone, Copy)]
pub struct People<'a> {
    /// The database.
    pub store: &'a Store,
    /// The key of the servers on it.
    pub key: &'a ServerKey,
    /// What time it is there.
    pub clock: &'a dyn Clock,
}

impl People<'_> {
    /// Writes a requester of this organization down; their address follows from their name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requester_of(self, organization: &str, name: &str) -> Result<String> {
        let now = self.clock.now();
        let email = address(name, "customer");
        let mut tx = self.store.write().await?;
        let named = NewOrganization {
            name: organization,
            ..NewOrganization::default()
        };
        let organization = directory::put_organization(&mut tx, &named, now).await?;
        let phone = Some("+4915112345601");
        let new = NewRequester {
            organization,
            name,
            email: &email,
            phone,
        };
        directory::put_requester(&mut tx, &new, now).await?;
        tx.commit().await?;
        Ok(email)
    }

    /// Writes a technician down; their address follows from their name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn technician(self, name: &str, admin: bool) -> Result<TestTechnician> {
        let email = address(name, "provider");
        let mut tx = self.store.write().await?;
        let new = NewTechnician {
            name,
            email: &email,
            admin,
        };
        let made = directory::put_technician(&mut tx, self.key, &new, self.clock.now()).await;
        let authenticator = made?;
        tx.commit().await?;
        Ok(TestTechnician {
            email,
            authenticator,
        })
    }

    /// Begins a session for this address and gives its token.
    ///
    /// # Errors
    /// When nobody has the address.
    pub async fn session(self, email: &str) -> Result<(Role, String)> {
        let mut tx = self.store.write().await?;
        let id: Option<AccountId> = account::by_email(&mut tx, email).await?;
        let owner = account::by_id(&mut tx, id)
            .await?
            .context("nobody has this address")?;
        let role = owner.account.role;
        let place = Place {
            ip: [127, 0, 0, 1].into(),
            client: "test".to_owned(),
        };
        let begun = begin(&mut tx, owner.account, &place, self.clock.now()).await?;
        tx.commit().await?;
        Ok((role, begun.token.0))
    }
}

/// `Ana Silva` has `ana.silva@customer.example`.
fn address(name: &str, domain: &str) -> String {
    format!("{}@{domain}.example", name.to_lowercase().replace(' ', "."))
}
