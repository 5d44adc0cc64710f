//! Trying a code, and the second factor after it.

use deskbell_protocol::{ChallengeId, ErrorCode, Role, Timestamp};

use super::account::{self, AccountRow};
use super::challenge::{self, ChallengeRow, Evaluated, State};
use super::code::Code;
use super::gate::pass_alone;
use super::new_session::{Begun, begin};
use super::sign_in::{found_or_opened, no_longer, not_over};
use super::totp::Authenticator;
use super::{Place, session, throttle};
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::Tx;

/// What came of an attempt; the tries it cost are kept either way.
type Outcome = Result<Begun, Refusal>;

/// Tries a code. A device that shows the token of an `earlier` session is known: its wrong codes are
/// counted for itself, and those of others do not keep it out.
///
/// # Errors
/// 401 with the tries left for a wrong one, 403 when the second factor is to come, 401 or 429 for a
/// challenge that is over, 429 for an account that takes none, 422 for what is no code.
pub async fn verify(
    app: &App,
    place: &Place,
    id: ChallengeId,
    typed: &str,
    earlier: Option<&str>,
) -> Outcome {
    let code = six_digits("code", typed)?;
    let now = app.clock.now();
    not_over(app, place, id).await?;
    let mut tx = app.store.write().await?;
    let Ready { row, run } = ready(&mut tx, app, place, id, earlier, now).await?;
    let proof = app.identity.key().code_proof(id, &code);
    let evaluated = challenge::evaluate_code(&mut tx, id, &proof, now).await?;
    let outcome = match evaluated {
        Some(Evaluated {
            state: State::Proved,
            ..
        }) => Err(second_factor_required()),
        // Asked twice, or once more because the answer was lost.
        None if challenge::proved_with(&mut tx, id, &proof, now).await? => {
            Err(second_factor_required())
        }
        other => settle(&mut tx, place, &Ready { row, run }, other, now).await?,
    };
    tx.commit().await?;
    outcome
}

/// Tries the digits of a technician's authenticator.
///
/// # Errors
/// As [`verify`]; a challenge whose code has not been proved behaves as if the digits were wrong.
pub async fn verify_second_factor(
    app: &App,
    place: &Place,
    id: ChallengeId,
    typed: &str,
    earlier: Option<&str>,
) -> Outcome {
    let digits = six_digits("totp", typed)?;
    let now = app.clock.now();
    not_over(app, place, id).await?;
    let mut tx = app.store.write().await?;
    let ready = ready(&mut tx, app, place, id, earlier, now).await?;
    let owner = account::by_id(&mut tx, ready.row.account).await?;
    let proved = challenge::find(&mut tx, id)
        .await?
        .is_some_and(|row| row.state == State::Proved);
    let evaluated = if proved {
        let right = right_digits(&mut tx, app, owner.as_ref(), &digits, now).await?;
        challenge::evaluate_second_factor(&mut tx, id, right, now).await?
    } else {
        // Digits before the code cost a try like a wrong code.
        challenge::evaluate_code(&mut tx, id, "", now).await?
    };
    let outcome = settle(&mut tx, place, &ready, evaluated, now).await?;
    tx.commit().await?;
    outcome
}

fn six_digits(field: &str, typed: &str) -> Result<Code, Refusal> {
    Code::typed(typed).ok_or_else(|| Refusal::field(field, "Enter the six digits."))
}

/// A challenge that takes a code, and what its wrong codes are counted for.
struct Ready {
    row: ChallengeRow,
    run: String,
}

/// The challenge, with nobody else at its address until the transaction ends.
async fn ready(
    tx: &mut Tx,
    app: &App,
    place: &Place,
    id: ChallengeId,
    earlier: Option<&str>,
    now: Timestamp,
) -> Result<Ready, Refusal> {
    let row = found_or_opened(tx, app, id, place, now).await?;
    pass_alone(tx, &[&row.address], now).await?;
    let known = match earlier {
        Some(token) => session::earlier(tx, row.account, token).await?,
        None => None,
    };
    let run = known.map_or_else(
        || row.address.clone(),
        |session| format!("device {session}"),
    );
    if let Some(seconds) = throttle::wait_seconds(tx, &run, now).await? {
        let detail = "Too many wrong codes for this account. Wait, then try again.";
        let refusal = Refusal::new(ErrorCode::AccountThrottled, detail);
        return Err(refusal.retry_after_seconds(seconds));
    }
    Ok(Ready { row, run })
}

/// What an evaluated attempt means: a session, a counted failure, or that the challenge is over.
async fn settle(
    tx: &mut Tx,
    place: &Place,
    Ready { row, run }: &Ready,
    evaluated: Option<Evaluated>,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    match evaluated {
        Some(Evaluated {
            state: State::Used, ..
        }) => {
            throttle::succeeded(tx, &row.address).await?;
            throttle::succeeded(tx, run).await?;
            let Some(owner) = account::by_id(tx, row.account).await? else {
                return Err(Refusal::internal(&"a code was proved for nobody"));
            };
            Ok(Ok(begin(tx, owner.account, place, now).await?))
        }
        Some(Evaluated { state, tries_left }) => {
            throttle::failed(tx, run, now).await?;
            if state == State::Dead {
                tracing::warn!(challenge = %row.id, "a challenge is exhausted by wrong codes");
            }
            Ok(Err(wrong(tries_left)))
        }
        None => Ok(Err(over(tx, row.id, now).await?)),
    }
}

async fn over(tx: &mut Tx, id: ChallengeId, now: Timestamp) -> Result<Refusal, Refusal> {
    challenge::expire(tx, id, now).await?;
    let state = challenge::find(tx, id)
        .await?
        .map_or(State::Ended, |row| row.state);
    Ok(no_longer(state))
}

async fn right_digits(
    tx: &mut Tx,
    app: &App,
    owner: Option<&AccountRow>,
    digits: &Code,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let Some(owner) = owner.filter(|owner| owner.account.role != Role::Requester) else {
        return Ok(false);
    };
    let Some(sealed) = &owner.totp_secret else {
        return Ok(false);
    };
    let opened = app.identity.key().open(&owner.account.id.text(), sealed);
    let secret = opened.map_err(|error| Refusal::internal(&error))?;
    let authenticator = Authenticator::from_base32(&secret, &owner.account.email)
        .map_err(|error| Refusal::internal(&error))?;
    match authenticator.step_of(digits.digits(), now.as_millis()) {
        Some(step) => Ok(account::use_step(tx, owner.account.id, step).await?),
        None => Ok(false),
    }
}

fn wrong(tries_left: i64) -> Refusal {
    Refusal::new(
        ErrorCode::CodeInvalid,
        "The code is wrong. Look at it again, then try again.",
    )
    .attempts_left(u32::try_from(tries_left).unwrap_or(0))
}

fn second_factor_required() -> Refusal {
    let detail = "The code was right. Now enter the digits your authenticator shows.";
    Refusal::new(ErrorCode::SecondFactorRequired, detail)
}
