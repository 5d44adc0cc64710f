//! Who is known: organizations, people, their devices, help articles. Written by imports, by the
//! operator's commands and by the demo, never by the API.

mod account;
mod article;
mod device;
mod organization;

pub use account::{NewRequester, NewTechnician, Technician};
pub use account::{disable, put_requester, put_technician, reset_authenticator, technicians};
pub use article::{Article, NewArticle, articles, put_article, remove_article};
pub use device::{NewDevice, put_device};
pub use organization::{
    NewOrganization, organization_named, organizations, put_organization, tell_organization,
};

/// What stands in the way of writing somebody down.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The address belongs to an account of the other kind.
    #[error("this address belongs to a {0} already")]
    OtherRole(String),
    /// There is no such account.
    #[error("nobody has this address")]
    Nobody,
    /// There is no such organization.
    #[error("there is no organization {0}; see `organization list`")]
    NoOrganization(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The key or the authenticator failed.
    #[error(transparent)]
    Secret(#[from] anyhow::Error),
}

impl From<sqlx::Error> for DirectoryError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
