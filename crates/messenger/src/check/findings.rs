//! From facts to findings.

use super::CheckResult::{self, Fail, Pass, Warning};
use super::facts::{Answer, Asked, DesktopFacts, Facts, Keyring, ServerFacts, Session, Websocket};
use crate::api::Fit;
use crate::view::OfflineReason;

/// Less free space than this is told.
pub const LITTLE_SPACE_MIB: u64 = 200;

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How it went.
    pub result: CheckResult,
    /// What was found; the table of texts is keyed by it.
    pub code: &'static str,
    /// What belongs to the code, by name.
    pub values: Vec<(&'static str, String)>,
}

fn found(check: &'static str, result: CheckResult, code: &'static str) -> Finding {
    Finding {
        check,
        result,
        code,
        values: vec![],
    }
}

impl Finding {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

/// Every check that can be made of these facts, in a fixed order.
#[must_use]
pub fn findings(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![policy(&facts.policy_faults)];
    findings.extend(server(&facts.server));
    findings.extend(desktop(&facts.desktop));
    findings
}

fn policy(faults: &[String]) -> Finding {
    if faults.is_empty() {
        found("policy", Pass, "understood")
    } else {
        found("policy", Fail, "faults").with("faults", faults.join("; "))
    }
}

fn server(facts: &ServerFacts) -> Vec<Finding> {
    match facts {
        ServerFacts::NoAddress => vec![found("server", Fail, "no_address")],
        ServerFacts::AddressInvalid => vec![found("server", Fail, "address_invalid")],
        ServerFacts::Asked(asked) => {
            let mut findings = vec![reached(asked)];
            findings.extend(certificate(asked));
            findings.extend(asked.websocket.map(websocket));
            if let Ok(answer) = &asked.answer {
                findings.extend([clock(answer), version(answer)]);
            }
            findings
        }
    }
}

fn reached(asked: &Asked) -> Finding {
    let (result, code) = match (&asked.answer, &asked.proxy) {
        (Ok(_), None) => (Pass, "reached"),
        (Ok(_), Some(_)) => (Pass, "reached_over_proxy"),
        (Err(reason), _) => (Fail, unheard(*reason)),
    };
    found("server", result, code)
        .with("host", &asked.host)
        .with("proxy", asked.proxy.as_deref().unwrap_or("none"))
}

const fn unheard(reason: OfflineReason) -> &'static str {
    match reason {
        OfflineReason::Unreachable => "unreachable",
        OfflineReason::NotDeskbell => "not_deskbell",
        OfflineReason::Certificate => "certificate",
        OfflineReason::Proxy | OfflineReason::ProxyPassword => "proxy",
        OfflineReason::ServerUnavailable | OfflineReason::VersionMismatch => "unavailable",
    }
}

/// Of plain connections, and when nobody showed one, there is nothing to tell.
fn certificate(asked: &Asked) -> Option<Finding> {
    let issuer = asked.issuer.as_ref()?;
    let trusted = !matches!(asked.answer, Err(OfflineReason::Certificate));
    let finding = if trusted {
        found("tls", Pass, "trusted")
    } else {
        found("tls", Fail, "untrusted")
    };
    Some(finding.with("issuer", issuer))
}

fn websocket(came: Websocket) -> Finding {
    match came {
        Websocket::Opened => found("websocket", Pass, "opened"),
        Websocket::Answered => found("websocket", Pass, "answered"),
        Websocket::Refused(_) => found("websocket", Fail, "refused"),
    }
}

fn clock(answer: &Answer) -> Finding {
    match answer.clock_off_minutes {
        None => found("clock", Pass, "right"),
        Some(minutes) => {
            let code = if minutes > 0 { "ahead" } else { "behind" };
            found("clock", Warning, code).with("minutes", minutes.unsigned_abs().to_string())
        }
    }
}

fn version(answer: &Answer) -> Finding {
    let (result, code) = match answer.fit {
        Fit::Fits => (Pass, "fits"),
        Fit::ClientTooOld => (Fail, "client_too_old"),
        Fit::ServerTooOld => (Warning, "server_too_old"),
    };
    found("version", result, code).with("server", &answer.info.version)
}

fn desktop(facts: &DesktopFacts) -> [Finding; 6] {
    [
        keyring(facts.keyring),
        toasts(facts),
        if facts.tray {
            found("tray", Pass, "shown")
        } else {
            found("tray", Warning, "nobody")
        },
        match &facts.webview {
            Some(version) => found("webview", Pass, "present").with("version", version),
            None => found("webview", Fail, "missing"),
        },
        storage(facts),
        session(facts.session),
    ]
}

fn keyring(keyring: Keyring) -> Finding {
    match keyring {
        Keyring::Usable => found("keyring", Pass, "usable"),
        Keyring::Locked => found("keyring", Warning, "locked"),
        Keyring::Missing => found("keyring", Fail, "missing"),
    }
}

fn toasts(facts: &DesktopFacts) -> Finding {
    let Some(registration) = facts.registration else {
        return match &facts.toasts {
            Some(service) => found("toasts", Pass, "shown").with("service", service),
            None => found("toasts", Fail, "nobody"),
        };
    };
    let complete = registration.shortcut && registration.app_id && registration.activator;
    let (result, code) = match (complete, registration.permitted) {
        (false, _) => (Fail, "not_registered"),
        (true, false) => (Warning, "switched_off"),
        (true, true) => (Pass, "registered"),
    };
    let word = |there| if there { "present" } else { "missing" };
    found("toasts", result, code)
        .with("shortcut", word(registration.shortcut))
        .with("aumid", word(registration.app_id))
        .with("clsid", word(registration.activator))
        .with(
            "permission",
            if registration.permitted { "on" } else { "off" },
        )
}

fn storage(facts: &DesktopFacts) -> Finding {
    let free = facts.free_mib;
    let finding = match free {
        _ if !facts.writable => found("storage", Fail, "unwritable"),
        Some(free) if free < LITTLE_SPACE_MIB => found("storage", Warning, "little"),
        _ => found("storage", Pass, "enough"),
    };
    finding.with(
        "free_mib",
        free.map_or_else(|| "?".to_owned(), |free| free.to_string()),
    )
}

fn session(session: Session) -> Finding {
    let (result, kind) = match session {
        Session::Console => (Pass, "console"),
        Session::Rdp => (Pass, "rdp"),
        Session::X11 => (Pass, "x11"),
        Session::Wayland => (Pass, "wayland"),
        Session::None => (Warning, "none"),
    };
    let code = if result == Pass { "graphical" } else { "none" };
    found("session", result, code).with("type", kind)
}

#[cfg(test)]
mod tests;
