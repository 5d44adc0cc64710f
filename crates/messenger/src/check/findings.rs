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
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
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
            found("clock", Warning, code).with("minutes", minutes.unsigned_abs())
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
mod tests {
    use deskbell_protocol::{ServerInfo, Timestamp};

    use super::*;
    use crate::check::CheckView;
    use crate::check::facts::Registration;
    use crate::texts::Texts;

    fn answer(fit: Fit, clock_off_minutes: Option<i32>) -> Answer {
        let info = ServerInfo {
            product: "deskbell".into(),
            version: "0.2.0".into(),
            api: 1,
            oldest_client: "0.1.0".into(),
            time: Timestamp::from_millis(0),
            sms: false,
        };
        Answer {
            info,
            fit,
            clock_off_minutes,
        }
    }

    fn asked(answer: Result<Answer, OfflineReason>) -> Asked {
        Asked {
            host: "help.example".into(),
            proxy: None,
            websocket: answer.as_ref().ok().map(|_| Websocket::Opened),
            answer,
            issuer: Some("Example CA".into()),
        }
    }

    fn good_desktop() -> DesktopFacts {
        DesktopFacts {
            keyring: Keyring::Usable,
            toasts: Some("dunst".into()),
            registration: None,
            tray: true,
            webview: Some("2.48".into()),
            writable: true,
            free_mib: Some(20_000),
            session: Session::X11,
        }
    }

    fn facts(asked: Asked, desktop: DesktopFacts) -> Facts {
        Facts {
            policy_faults: vec![],
            server: ServerFacts::Asked(asked),
            desktop,
        }
    }

    fn good() -> Facts {
        facts(asked(Ok(answer(Fit::Fits, None))), good_desktop())
    }

    /// What is not as it should be.
    fn troubles(facts: &Facts) -> Vec<(&'static str, &'static str)> {
        let findings = findings(facts).into_iter();
        let bad = findings.filter(|one| one.result != Pass);
        bad.map(|one| (one.check, one.code)).collect()
    }

    #[test]
    fn a_computer_on_which_all_is_well_passes_every_check() {
        let checks: Vec<_> = findings(&good()).iter().map(|one| one.check).collect();
        assert_eq!(
            checks,
            [
                "policy",
                "server",
                "tls",
                "websocket",
                "clock",
                "version",
                "keyring",
                "toasts",
                "tray",
                "webview",
                "storage",
                "session"
            ]
        );
        assert_eq!(troubles(&good()), []);
    }

    #[test]
    fn each_trouble_on_the_way_to_the_server_is_told_apart() {
        let reasons = [
            (OfflineReason::Unreachable, vec![("server", "unreachable")]),
            (OfflineReason::NotDeskbell, vec![("server", "not_deskbell")]),
            (OfflineReason::Proxy, vec![("server", "proxy")]),
            (
                OfflineReason::ServerUnavailable,
                vec![("server", "unavailable")],
            ),
            (
                OfflineReason::Certificate,
                vec![("server", "certificate"), ("tls", "untrusted")],
            ),
        ];
        for (reason, expected) in reasons {
            let facts = facts(asked(Err(reason)), good_desktop());
            assert_eq!(troubles(&facts), expected, "{reason:?}");
        }
        for (server, code) in [
            (ServerFacts::NoAddress, "no_address"),
            (ServerFacts::AddressInvalid, "address_invalid"),
        ] {
            let facts = Facts { server, ..good() };
            assert_eq!(troubles(&facts), [("server", code)]);
        }
        let mut refused = asked(Ok(answer(Fit::Fits, None)));
        refused.websocket = Some(Websocket::Refused(OfflineReason::Proxy));
        assert_eq!(
            troubles(&facts(refused, good_desktop())),
            [("websocket", "refused")]
        );
    }

    #[test]
    fn clocks_and_versions_that_differ_are_told() {
        for (fit, minutes, expected) in [
            (Fit::Fits, Some(1_440), ("clock", "ahead")),
            (Fit::Fits, Some(-1_440), ("clock", "behind")),
            (Fit::ClientTooOld, None, ("version", "client_too_old")),
            (Fit::ServerTooOld, None, ("version", "server_too_old")),
        ] {
            let facts = facts(asked(Ok(answer(fit, minutes))), good_desktop());
            assert_eq!(troubles(&facts), [expected]);
        }
    }

    #[test]
    fn each_thing_the_desktop_lacks_is_told() {
        let complete = Registration {
            shortcut: true,
            app_id: true,
            activator: true,
            permitted: true,
        };
        let registered = |registration| DesktopFacts {
            registration: Some(registration),
            ..good_desktop()
        };
        let cases: [(DesktopFacts, Option<(&str, &str)>); 12] = [
            (
                DesktopFacts {
                    keyring: Keyring::Locked,
                    ..good_desktop()
                },
                Some(("keyring", "locked")),
            ),
            (
                DesktopFacts {
                    keyring: Keyring::Missing,
                    ..good_desktop()
                },
                Some(("keyring", "missing")),
            ),
            (
                DesktopFacts {
                    toasts: None,
                    ..good_desktop()
                },
                Some(("toasts", "nobody")),
            ),
            (registered(complete), None),
            (
                registered(Registration {
                    activator: false,
                    ..complete
                }),
                Some(("toasts", "not_registered")),
            ),
            (
                registered(Registration {
                    permitted: false,
                    ..complete
                }),
                Some(("toasts", "switched_off")),
            ),
            (
                DesktopFacts {
                    tray: false,
                    ..good_desktop()
                },
                Some(("tray", "nobody")),
            ),
            (
                DesktopFacts {
                    webview: None,
                    ..good_desktop()
                },
                Some(("webview", "missing")),
            ),
            (
                DesktopFacts {
                    writable: false,
                    ..good_desktop()
                },
                Some(("storage", "unwritable")),
            ),
            (
                DesktopFacts {
                    free_mib: Some(7),
                    ..good_desktop()
                },
                Some(("storage", "little")),
            ),
            (
                DesktopFacts {
                    free_mib: None,
                    ..good_desktop()
                },
                None,
            ),
            (
                DesktopFacts {
                    session: Session::None,
                    ..good_desktop()
                },
                Some(("session", "none")),
            ),
        ];
        for (desktop, expected) in cases {
            let facts = Facts { desktop, ..good() };
            assert_eq!(troubles(&facts), Vec::from_iter(expected));
        }
    }

    #[test]
    fn every_finding_has_its_words_in_both_languages() {
        let mut worst = facts(
            asked(Err(OfflineReason::Certificate)),
            DesktopFacts::default(),
        );
        worst.policy_faults = vec!["Colour is no setting".into()];
        for facts in [good(), worst] {
            for tag in ["en", "de"] {
                let view = CheckView::of(&findings(&facts), "0.1.0", &Texts::for_checks(tag));
                for one in &view.checks {
                    for text in [Some(&one.title), Some(&one.text), one.remedy.as_ref()]
                        .into_iter()
                        .flatten()
                    {
                        let whole = !text.contains(['{', '}']) && !text.starts_with("check-");
                        assert!(whole, "{tag} {}: {text}", one.code);
                    }
                }
            }
        }
    }

    #[test]
    fn the_report_says_what_to_do() {
        let facts = facts(asked(Err(OfflineReason::Certificate)), good_desktop());
        let view = CheckView::of(&findings(&facts), "0.1.0", &Texts::for_checks("en"));
        assert_eq!(view.result, Fail);
        let words =
            "Problem: Certificate. It is not trusted. Issued by: Example CA\n    If this is";
        assert!(view.report.contains(words), "{}", view.report);
    }
}
