//! Opening a challenge and sending its code.

use deskbell_protocol::limits::{
    CODE_COOLDOWN_SECONDS, EMAIL_CODE_LIFE_SECONDS, SIGN_INS_PER_HOUR_AND_IP, SMS_CODE_LIFE_SECONDS,
};
use deskbell_protocol::{AccountId, ChallengeId, ErrorCode, SendCode, Timestamp};

use super::account::{self, AccountRow};
use super::allowance::{self, Allowance, Verdict};
use super::challenge::{self, ChallengeRow, Opened, State};
use super::code::{Code, os_random};
use super::gate::pass_alone;
use super::{Place, address};
use crate::app::App;
use crate::delivery::queue::{self, Job};
use crate::delivery::{Channel, Letter};
use crate::refusal::Refusal;
use crate::store::{Error, Tx};

const HOUR_MILLIS: i64 = 3_600_000;
const BUDGET_RETRY_SECONDS: u32 = 3_600;

/// Opens a challenge for an address, whoever it belongs to.
///
/// # Errors
/// 422 for what is no address, 429 for too many from one place.
pub async fn start(app: &App, place: &Place, typed: &str) -> Result<ChallengeId, Refusal> {
    let Some(email) = address::email(typed) else {
        return Err(Refusal::field(
            "email",
            "Enter one complete e-mail address.",
        ));
    };
    app.identity.admit(place, app.clock.now())?;
    let now = app.clock.now();
    let challenge = ChallengeId(app.clock.id());
    let digest = app.identity.key().address_digest(&email);
    let mut tx = app.store.write().await?;
    let account = account::by_email(&mut tx, &email).await?;
    open(&mut tx, challenge, &digest, account, place, now).await?;
    tx.commit().await?;
    Ok(challenge)
}

/// Opens a challenge, unless this place opens too many.
async fn open(
    tx: &mut Tx,
    id: ChallengeId,
    address: &str,
    account: Option<AccountId>,
    place: &Place,
    now: Timestamp,
) -> Result<(), Refusal> {
    let place = place.key();
    pass_alone(tx, &[&format!("sign-ins from {place}")], now).await?;
    let opened = challenge::opened_from(tx, &place, now.plus_millis(-HOUR_MILLIS)).await?;
    if opened >= SIGN_INS_PER_HOUR_AND_IP {
        return Err(Refusal::too_much(
            u32::try_from(HOUR_MILLIS / 1_000).unwrap_or(u32::MAX),
        ));
    }
    let life_millis = EMAIL_CODE_LIFE_SECONDS * 1_000;
    let opened = Opened {
        id,
        address,
        account,
        place: &place,
        now,
        life_millis,
    };
    Ok(challenge::open(tx, &opened).await?)
}

/// Refuses, before anything is written, a place that asks too much and a challenge that is over.
pub async fn not_over(app: &App, place: &Place, id: ChallengeId) -> Result<(), Refusal> {
    app.identity.admit(place, app.clock.now())?;
    let state = challenge::is_over(&app.store, id).await?;
    state.map_or(Ok(()), |state| Err(no_longer(state)))
}

/// The challenge; one that was never opened is opened for nobody, so that it behaves like any other.
pub async fn found_or_opened(
    tx: &mut Tx,
    app: &App,
    id: ChallengeId,
    place: &Place,
    now: Timestamp,
) -> Result<ChallengeRow, Refusal> {
    if let Some(row) = challenge::find(tx, id).await? {
        return Ok(row);
    }
    let nobody = app.identity.key().address_digest(&id.text());
    open(tx, id, &nobody, None, place, now).await?;
    let row = challenge::find(tx, id).await?;
    row.ok_or_else(|| Refusal::internal(&"a challenge vanished while it was opened"))
}

/// Where a code shall go, checked as far as it can be without knowing whose challenge it is.
enum Way {
    Email,
    Sms { number: String, daily_budget: i64 },
}

impl Way {
    fn parse(app: &App, wanted: &SendCode) -> Result<Self, Refusal> {
        let SendCode::Sms { phone } = wanted else {
            return Ok(Self::Email);
        };
        let unavailable = |detail| Refusal::new(ErrorCode::SmsUnavailable, detail);
        let Some(rules) = app.identity.text_messages() else {
            return Err(unavailable(
                "This server sends no text messages. Ask for a code by e-mail.",
            ));
        };
        let Some(number) = address::phone(phone) else {
            return Err(Refusal::field(
                "phone",
                "Enter the full number with its country, +49 151 …",
            ));
        };
        if !rules.reach(&number) {
            return Err(unavailable(
                "No text messages to this country. Ask for a code by e-mail.",
            ));
        }
        Ok(Self::Sms {
            number,
            daily_budget: rules.daily_budget,
        })
    }

    fn channel(&self) -> Channel {
        match self {
            Self::Email => Channel::Email,
            Self::Sms { .. } => Channel::Sms,
        }
    }

    fn life_seconds(&self) -> i64 {
        match self {
            Self::Email => EMAIL_CODE_LIFE_SECONDS,
            Self::Sms { .. } => SMS_CODE_LIFE_SECONDS,
        }
    }

    fn allowances(&self, app: &App, row: &ChallengeRow, place: &Place) -> Vec<Allowance> {
        let mut all = vec![
            Allowance::codes_to(&row.address),
            Allowance::codes_from(&place.key()),
        ];
        if let Self::Sms { number, .. } = self {
            all.push(Allowance::codes_to(
                &app.identity.key().address_digest(number),
            ));
        }
        all
    }

    /// Where the code really goes: nowhere for nobody, nor to a number that is not the account's.
    fn destination(&self, owner: Option<&AccountRow>) -> Option<String> {
        let owner = owner?;
        match self {
            Self::Email => Some(owner.account.email.clone()),
            Self::Sms { number, .. } => owner.phone.clone().filter(|phone| phone == number),
        }
    }
}

/// Makes a code for the challenge and puts it in the queue.
///
/// # Errors
/// 422 for a number that cannot be texted, 429 for too many, 503 when the day's text messages are
/// used up, and what [`no_longer`] says of a challenge that is over.
pub async fn send_code(
    app: &App,
    place: &Place,
    id: ChallengeId,
    wanted: &SendCode,
) -> Result<(), Refusal> {
    let way = Way::parse(app, wanted)?;
    not_over(app, place, id).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let row = found_or_opened(&mut tx, app, id, place, now).await?;
    pass_alone(&mut tx, &[&row.address], now).await?;
    let state = challenge::find(&mut tx, id)
        .await?
        .map_or(State::Ended, |row| row.state);
    if !matches!(state, State::Live | State::Expired) {
        return Err(no_longer(state));
    }
    admit(&mut tx, app, &way, &row, place, now).await?;
    write_code(&mut tx, app, &way, &row, place, now).await?;
    tx.commit().await?;
    app.identity.ring_for_the_post();
    Ok(())
}

async fn admit(
    tx: &mut Tx,
    app: &App,
    way: &Way,
    row: &ChallengeRow,
    place: &Place,
    now: Timestamp,
) -> Result<(), Refusal> {
    let allowances = way.allowances(app, row, place);
    if let Verdict::WaitSeconds(seconds) = allowance::look(tx, &allowances, now).await? {
        return Err(Refusal::too_much(seconds));
    }
    if let Way::Sms { daily_budget, .. } = way {
        let budget = [Allowance::text_messages(*daily_budget, true)];
        if allowance::look(tx, &budget, now).await? != Verdict::Admitted {
            let detail = "No more text messages today. Ask for a code by e-mail.";
            let refusal = Refusal::new(ErrorCode::Unavailable, detail);
            return Err(refusal.retry_after_seconds(BUDGET_RETRY_SECONDS));
        }
    }
    Ok(allowance::spend(tx, &allowances, now).await?)
}

/// The same statements whether or not somebody gets the code.
async fn write_code(
    tx: &mut Tx,
    app: &App,
    way: &Way,
    row: &ChallengeRow,
    place: &Place,
    now: Timestamp,
) -> Result<(), Error> {
    let owner = account::by_id(tx, row.account).await?;
    let destination = way.destination(owner.as_ref());
    let channel = destination.is_some().then(|| way.channel());
    let code = Code::draw(os_random).map_err(|_| Error::Corrupt {
        what: "random source",
    })?;
    let key = app.identity.key();
    let proof = destination.is_some().then(|| key.code_proof(row.id, &code));
    challenge::arm(tx, row, proof, now, way.life_seconds()).await?;
    let letter = Letter {
        to: destination.unwrap_or_default(),
        code: code.digits().to_owned(),
        minutes: way.life_seconds() / 60,
        asked_from: place.ip.to_string(),
        asked_at: now,
    };
    let expires_at = now.plus_millis(way.life_seconds() * 1_000);
    let job = Job {
        id: app.clock.id(),
        channel,
        letter: &letter,
        expires_at,
    };
    if let Way::Sms { daily_budget, .. } = way {
        let spent = Allowance::text_messages(*daily_budget, channel.is_some());
        allowance::spend(tx, &[spent], now).await?;
    }
    queue::put(tx, key, &job, now).await
}

/// What is said of a challenge that takes nothing any more.
#[must_use]
pub fn no_longer(state: State) -> Refusal {
    let cooldown = u32::try_from(CODE_COOLDOWN_SECONDS).unwrap_or(u32::MAX);
    match state {
        State::Used | State::Proved => {
            Refusal::new(ErrorCode::CodeUsed, "This code has been used. Start again.")
        }
        State::Dead => Refusal::new(
            ErrorCode::ChallengeExhausted,
            "Too many wrong codes. Start again.",
        )
        .retry_after_seconds(cooldown),
        State::Live | State::Expired | State::Ended => Refusal::new(
            ErrorCode::CodeExpired,
            "This code is too old. Ask for a new one.",
        ),
    }
}
