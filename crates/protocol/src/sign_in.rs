//! Signing in: a challenge is opened for an e-mail address, a code proves it, a session comes of it.

use crate::{Account, ChallengeId, SessionId, Timestamp};

wire! {
    /// `POST /v1/sign-in`: opens a challenge. The answer is the same for every address.
    #[serde(deny_unknown_fields)]
    pub struct StartSignIn {
        /// The work e-mail address.
        #[cfg_attr(
            feature = "openapi",
            schema(format = Email, min_length = 3, max_length = 254)
        )]
        pub email: String,
    }

    /// The answer to [`StartSignIn`], always 202.
    pub struct SignInStarted {
        /// Names the challenge in the calls that follow.
        pub challenge_id: ChallengeId,
    }

    /// `POST /v1/sign-in/{challenge}/code`: sends a code in the background, always 202.
    #[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
    pub enum SendCode {
        /// By e-mail to the address of the challenge.
        Email {},
        /// By text message, if `phone` is the account's number.
        Sms {
            /// The full mobile number in international form, with or without what people put between digits.
            #[cfg_attr(
                feature = "openapi",
                schema(pattern = r"^(\+|00)[ ./()-]*[1-9]([ ./()-]*[0-9]){6,14}[ ./()-]*$")
            )]
            phone: String,
        },
    }

    /// `POST /v1/sign-in/{challenge}/verify`.
    #[serde(deny_unknown_fields)]
    pub struct VerifyCode {
        /// Six digits.
        #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9]{6}$"))]
        pub code: String,
    }

    /// `POST /v1/sign-in/{challenge}/second-factor`, after `verify` answered `second_factor_required`.
    #[serde(deny_unknown_fields)]
    pub struct VerifySecondFactor {
        /// The six digits the authenticator shows now (RFC 6238, SHA-1, 30 s).
        #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9]{6}$"))]
        pub totp: String,
    }

    /// A session has begun. Requesters get the token here, technicians as a cookie only.
    pub struct SignedIn {
        /// The Bearer token; absent for technicians.
        pub token: Option<String>,
        /// The session's id, for the list of sessions.
        pub session_id: SessionId,
        /// When it ends at the latest.
        pub expires_at: Timestamp,
        /// Who signed in.
        pub account: Account,
    }

    /// One of the account's sessions, as `GET /v1/sessions` lists them.
    pub struct Session {
        /// For `DELETE /v1/sessions/{id}`.
        pub id: SessionId,
        /// Whether this is the session that asks.
        pub current: bool,
        /// What the client said it is (its `User-Agent`).
        pub client: String,
        /// Where it was last seen.
        pub ip: String,
        /// When it began.
        pub created_at: Timestamp,
        /// When it last asked for something.
        pub last_used_at: Timestamp,
        /// When it ends at the latest.
        pub expires_at: Timestamp,
    }
}
