//! Who is signed in, their organization, devices and help articles, and what the server is.

use crate::{AccountId, ArticleId, DeviceId, OrganizationId, SessionId, Timestamp};

wire! {
    /// What an account may do.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Role {
        /// An employee of an organization.
        Requester,
        /// Answers in the console.
        Technician,
        /// A technician who may also administer.
        Admin,
    }

    /// The signed-in account.
    pub struct Account {
        /// Its id.
        pub id: AccountId,
        /// The person's name.
        pub name: String,
        /// The address it signs in with.
        pub email: String,
        /// What it may do.
        pub role: Role,
    }

    /// Somebody else, as far as others may know them.
    pub struct Person {
        /// Their id.
        pub id: AccountId,
        /// Their name.
        pub name: String,
        /// Where the badge beside the name comes from; never from the name.
        pub role: Role,
    }

    /// `GET /v1/me`.
    pub struct Me {
        /// Who I am.
        pub account: Account,
        /// The session that asks.
        pub session_id: SessionId,
        /// The organization of a requester; absent for technicians.
        pub organization: Option<Organization>,
        /// What is switched on.
        pub features: Features,
        /// What the server accepts at most.
        pub limits: Limits,
    }

    /// A customer company of the provider.
    pub struct Organization {
        /// Its id.
        pub id: OrganizationId,
        /// Its name.
        pub name: String,
        /// How its support home screen looks.
        pub branding: Branding,
        /// When somebody answers; absent when never said.
        pub hours: Option<Hours>,
        /// The hotline, for when the network is what is broken.
        pub phone: Option<String>,
    }

    /// An organization's name and id alone.
    pub struct OrganizationSummary {
        /// Its id.
        pub id: OrganizationId,
        /// Its name.
        pub name: String,
    }

    /// How an organization's support home screen looks.
    pub struct Branding {
        /// `#rrggbb`; absent for Deskbell's own.
        pub accent_colour: Option<String>,
        /// Its logo, shown as an image only.
        pub logo: Option<Logo>,
    }

    /// A small picture sent inline.
    pub struct Logo {
        /// `image/png` or `image/svg+xml`.
        pub media_type: String,
        /// The picture in base64; at most 64 KiB before encoding.
        pub data_base64: String,
    }

    /// When somebody answers.
    pub struct Hours {
        /// IANA name, `Europe/Berlin`.
        pub time_zone: String,
        /// The spans of a week, in order.
        pub weekly: Vec<OpenSpan>,
    }

    /// One span of a week in which somebody answers.
    pub struct OpenSpan {
        /// 1 is Monday, 7 Sunday (ISO 8601).
        pub weekday: u8,
        /// `HH:MM`, local to the time zone.
        pub opens: String,
        /// `HH:MM`, later on the same day; `24:00` is the day's end.
        pub closes: String,
    }

    /// What is switched on for this account.
    pub struct Features {
        /// Attachments can be sent.
        pub attachments: bool,
        /// The other side is told that one types.
        pub typing: bool,
    }

    /// What the server accepts at most, in bytes.
    pub struct Limits {
        /// Of a text.
        pub text_bytes: u32,
        /// Of an upload.
        pub upload_bytes: u32,
    }

    /// `GET /v1/server`, without signing in: what answers here. A captive portal does not.
    pub struct ServerInfo {
        /// Always `deskbell`.
        pub product: String,
        /// The server's version, `0.1.0`.
        pub version: String,
        /// The wire's major version; clients refuse another than their own.
        pub api: u32,
        /// The oldest client version this server serves.
        pub oldest_client: String,
        /// The server's clock.
        pub time: Timestamp,
        /// Whether a code can be asked for by text message.
        pub sms: bool,
    }

    /// What kind of machine a device is; chooses the icon.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum DeviceKind {
        /// A portable computer.
        Laptop,
        /// A computer that stays where it is.
        Desktop,
        /// A phone.
        Phone,
        /// A tablet.
        Tablet,
        /// A printer.
        Printer,
        /// Something else.
        #[serde(other)]
        Other,
    }

    /// A machine affiliated with a requester.
    pub struct Device {
        /// Its id.
        pub id: DeviceId,
        /// The name people know it by; often the host name.
        pub name: String,
        /// Chooses the icon.
        pub kind: DeviceKind,
        /// Maker and model.
        pub model: Option<String>,
        /// The maker's serial number; how a client recognises the machine it runs on.
        pub serial: Option<String>,
    }

    /// A help article of the provider, for one organization or for all.
    pub struct Article {
        /// Its id.
        pub id: ArticleId,
        /// Its title.
        pub title: String,
        /// Where it is read; always `https:`.
        pub url: String,
    }
}

/// The wire's major version, in every path as `/v1`.
pub const API: u32 = 1;
