//! Identifiers. All are UUIDv7; each kind is a type of its own so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[cfg_attr(feature = "typescript", ts(export, export_to = "protocol.ts", type = "string"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id as the lower-case hyphenated text that is stored and sent.
            #[must_use]
            pub fn text(self) -> String {
                self.0.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map($name)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                $name(uuid)
            }
        }
    )*};
}

id_types! {
    /// A customer company of the provider.
    OrganizationId;
    /// A person who can sign in: a requester or a technician.
    AccountId;
    /// A machine affiliated with a requester.
    DeviceId;
    /// One request and its chat. Made by the client, so that a retry never creates a second one.
    ConversationId;
    /// One line in a chat. Made by the client for what people write.
    MessageId;
    /// One sign-in attempt.
    ChallengeId;
    /// A signed-in client.
    SessionId;
    /// An upload. Its place is kept; uploads are not switched on yet.
    AttachmentId;
    /// A help article.
    ArticleId;
}
