//! Accounts as sign-in sees them.

use deskbell_protocol::{Account, AccountId, OrganizationId, Role};
use sqlx::Row;

use crate::store::{self, Error, Tx};

/// An account that is not disabled.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// What others see of it.
    pub account: Account,
    /// The organization of a requester.
    pub organization_id: Option<OrganizationId>,
    /// Its number (E.164).
    pub phone: Option<String>,
    /// The authenticator's secret, encrypted.
    pub totp_secret: Option<String>,
}

/// The account with this address (in its stored form), unless disabled.
///
/// # Errors
/// When the database fails.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<AccountId>, Error> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT id FROM account WHERE email = $1 AND disabled_at IS NULL")
            .bind(email)
            .fetch_optional(&mut **tx)
            .await?;
    store::optional_id(found.as_deref())
}

/// The account with this id, unless disabled. Without an id it asks all the same, for nobody.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, account: Option<AccountId>) -> Result<Option<AccountRow>, Error> {
    let row = sqlx::query(
        "SELECT id, role, organization_id, name, email, phone, totp_secret
         FROM account WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(account.map(AccountId::text).unwrap_or_default())
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let organization: Option<String> = row.try_get("organization_id")?;
        Ok(AccountRow {
            account: Account {
                id: store::id(row.try_get("id")?)?,
                name: row.try_get("name")?,
                email: row.try_get("email")?,
                role: store::name::<Role>(row.try_get("role")?)?,
            },
            organization_id: store::optional_id(organization.as_deref())?,
            phone: row.try_get("phone")?,
            totp_secret: row.try_get("totp_secret")?,
        })
    })
    .transpose()
}

/// Marks an authenticator's step as used; `false` if it or a later one was used before.
///
/// # Errors
/// When the database fails.
pub async fn use_step(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE account SET totp_step = $1 WHERE id = $2 AND totp_step < $1")
        .bind(step)
        .bind(account.text())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
