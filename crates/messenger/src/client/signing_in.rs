//! Signing in, step by step.

use deskbell_protocol::{ChallengeId, ErrorCode, SendCode, SignedIn, Timestamp, limits};

use super::{Core, Stage};
use crate::address::ServerAddress;
use crate::api::error::failure;
use crate::api::{Api, ApiError, Fit, Proven};
use crate::command::Answer;
use crate::input::{Back, CodeTo, Reply};
use crate::secret::{KeptSession, Token};
use crate::settings::{Value, table};
use crate::view::{ClientFailure, Failure, FailureCode, Phase};

/// A sign-in that is under way.
pub(super) struct Attempt {
    email: String,
    challenge: ChallengeId,
    server: Proven,
    sent: Option<CodeSent>,
}

struct CodeSent {
    to: CodeTo,
    resend_at: Timestamp,
    expires_at: Timestamp,
}

impl Attempt {
    /// For the window.
    pub fn phase(&self) -> Phase {
        let (email, sms) = (self.email.clone(), self.server.info.sms);
        match &self.sent {
            None => Phase::ChoosingMethod { email, sms },
            Some(sent) => Phase::EnteringCode {
                email,
                sent_to: sent.to.sent_to.clone(),
                by_sms: sent.to.by_sms,
                sms,
                resend_at: sent.resend_at,
                expires_at: sent.expires_at,
            },
        }
    }
}

impl Core {
    pub(super) fn set_server(&mut self, text: &str, reply: Reply) {
        let managed =
            self.settings.view().server_url.managed || self.setup.server_argument.is_some();
        let agent = super::user_agent(&self.setup);
        let proxy = self.settings.proxy();
        let refused = match ServerAddress::parse(text) {
            _ if managed => ClientFailure::Managed,
            _ if matches!(self.stage, Stage::In(_)) => ClientFailure::NotNow,
            Err(_) => ClientFailure::AddressInvalid,
            Ok(address) => {
                return self.call(async move {
                    let proven = match Api::new(address.clone(), &agent, &proxy) {
                        Ok(api) => api.prove().await,
                        Err(error) => Err(error),
                    };
                    Back::Server(address, reply, proven)
                });
            }
        };
        let _ = reply.send(Err(refused.into()));
    }

    pub(super) fn server_tried(
        &mut self,
        address: &ServerAddress,
        reply: Reply,
        proven: Result<Proven, ApiError>,
    ) {
        let answer = match proven {
            Ok(proven) => {
                self.note_fit(&proven);
                let chosen = Value::Text(address.text().to_owned());
                self.settings.user.put(&table::SERVER_URL, chosen);
                self.use_server();
                self.stage = Stage::Out { reason: None };
                self.save_settings().map(|()| Answer::Done {})
            }
            Err(error) => Err(error.failure()),
        };
        self.shown.app_changed = true;
        let _ = reply.send(answer);
    }

    pub(super) fn start_sign_in(&self, email: &str, reply: Reply) {
        let signed_out = matches!(self.stage, Stage::Out { .. } | Stage::Proving(_));
        let (Some(api), true) = (self.api.clone(), signed_out) else {
            let _ = reply.send(Err(ClientFailure::NotNow.into()));
            return;
        };
        let email = email.trim().to_owned();
        let (address, version) = (email.clone(), self.setup.version.clone());
        self.call(async move {
            let begun = async {
                let proven = api.prove().await?;
                if proven.fit(&version) != Fit::Fits {
                    return Ok((proven, None));
                }
                let challenge = proven.start_sign_in(address).await?;
                Ok((proven, Some(challenge)))
            };
            Back::Challenge(email, reply, begun.await)
        });
    }

    pub(super) fn challenge_begun(
        &mut self,
        email: String,
        reply: Reply,
        begun: Result<(Proven, Option<ChallengeId>), ApiError>,
    ) {
        self.shown.app_changed = true;
        let answer = begun
            .map_err(|error| error.failure())
            .and_then(|(server, challenge)| {
                self.note_fit(&server);
                let Some(challenge) = challenge else {
                    return Err(unfit(server.fit(&self.setup.version)));
                };
                self.stage = Stage::Proving(Box::new(Attempt {
                    email,
                    challenge,
                    server,
                    sent: None,
                }));
                Ok(Answer::Done {})
            });
        let _ = reply.send(answer);
    }

    pub(super) fn send_code(&self, phone: Option<String>, reply: Reply) {
        let Stage::Proving(attempt) = &self.stage else {
            let _ = reply.send(Err(ClientFailure::NotNow.into()));
            return;
        };
        let (how, to) = match phone {
            None => (
                SendCode::Email {},
                CodeTo {
                    sent_to: attempt.email.clone(),
                    by_sms: false,
                },
            ),
            Some(phone) => {
                let to = CodeTo {
                    sent_to: number_end(&phone),
                    by_sms: true,
                };
                (SendCode::Sms { phone }, to)
            }
        };
        let (server, challenge) = (attempt.server.clone(), attempt.challenge);
        self.call(async move { Back::CodeSent(to, reply, server.send_code(challenge, how).await) });
    }

    pub(super) fn code_sent(&mut self, to: CodeTo, reply: Reply, sent: Result<(), ApiError>) {
        let now = self.now();
        let Stage::Proving(attempt) = &mut self.stage else {
            let _ = reply.send(Err(ClientFailure::NotNow.into()));
            return;
        };
        let life = if to.by_sms {
            limits::SMS_CODE_LIFE_SECONDS
        } else {
            limits::EMAIL_CODE_LIFE_SECONDS
        };
        let answer = sent.map_err(|error| error.failure()).map(|()| {
            attempt.sent = Some(CodeSent {
                to,
                resend_at: now.plus_millis(limits::CODE_COOLDOWN_SECONDS * 1_000),
                expires_at: now.plus_millis(life * 1_000),
            });
            Answer::Done {}
        });
        self.shown.app_changed = true;
        let _ = reply.send(answer);
    }

    pub(super) fn verify_code(&self, code: &str, reply: Reply) {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        match &self.stage {
            Stage::Proving(attempt) => {
                let (server, challenge) = (attempt.server.clone(), attempt.challenge);
                let expired = self.expired_token(server.address().text().to_owned());
                self.call(async move {
                    let verified = server.verify(challenge, code, expired.await).await;
                    Back::Verified(challenge, reply, verified)
                });
            }
            _ => drop(reply.send(Err(ClientFailure::NotNow.into()))),
        }
    }

    pub(super) async fn verified(
        &mut self,
        challenge: ChallengeId,
        reply: Reply,
        signed_in: Result<SignedIn, ApiError>,
    ) {
        let wanted =
            matches!(&self.stage, Stage::Proving(attempt) if attempt.challenge == challenge);
        let answer = match signed_in {
            Ok(signed_in) if wanted => self.begin_session(signed_in).await,
            Ok(signed_in) => {
                self.end_unwanted(signed_in);
                Err(ClientFailure::NotNow.into())
            }
            Err(error) => Err(error.failure()),
        };
        let _ = reply.send(answer);
    }

    /// The sign-in was given up while its code was being tried: what it began is ended again.
    fn end_unwanted(&mut self, signed_in: SignedIn) {
        let (Some(api), Some(token)) = (&self.api, signed_in.token) else {
            return;
        };
        let unwanted = KeptSession {
            server: api.address().text().to_owned(),
            token: Token::new(token),
            session_id: signed_in.session_id,
            account: signed_in.account,
        };
        self.say_farewell(&unwanted);
    }

    async fn begin_session(&mut self, signed_in: SignedIn) -> Result<Answer, Failure> {
        let not_now = Failure::from(ClientFailure::NotNow);
        let Stage::Proving(attempt) = &self.stage else {
            return Err(not_now);
        };
        let Some(api) = &self.api else {
            return Err(not_now);
        };
        // Technicians get a cookie and no token: this client is not theirs.
        let Some(token) = signed_in.token else {
            return Err(failure(FailureCode::Server(ErrorCode::Forbidden)));
        };
        let kept = KeptSession {
            server: api.address().text().to_owned(),
            token: Token::new(token),
            session_id: signed_in.session_id,
            account: signed_in.account,
        };
        self.link.proven = Some(attempt.server.clone());
        self.enter(kept, false).await;
        self.forget_expired();
        Ok(Answer::Done {})
    }

    pub(super) fn cancel_sign_in(&mut self) {
        if matches!(self.stage, Stage::Proving(_) | Stage::Out { .. }) {
            self.stage = Stage::Out { reason: None };
            self.shown.app_changed = true;
        }
    }
}

fn unfit(fit: Fit) -> Failure {
    match fit {
        Fit::ServerTooOld => ClientFailure::ServerTooOld.into(),
        _ => failure(FailureCode::Server(ErrorCode::ClientTooOld)),
    }
}

/// Enough of a number to recognise it by.
fn number_end(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let end: String = digits.iter().skip(digits.len().saturating_sub(3)).collect();
    format!("…{end}")
}
