//! Facts, and what they come to.

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
    type Lack = fn(&mut DesktopFacts);
    let cases: [(Lack, (&str, &str)); 9] = [
        (|it| it.keyring = Keyring::Locked, ("keyring", "locked")),
        (|it| it.keyring = Keyring::Missing, ("keyring", "missing")),
        (|it| it.toasts = None, ("toasts", "nobody")),
        (|it| it.tray = false, ("tray", "nobody")),
        (|it| it.webview = None, ("webview", "missing")),
        (|it| it.writable = false, ("storage", "unwritable")),
        (|it| it.free_mib = Some(7), ("storage", "little")),
        (|it| it.session = Session::None, ("session", "none")),
        (
            |it| it.registration = Some(registered(false, true)),
            ("toasts", "not_registered"),
        ),
    ];
    for (lack, expected) in cases {
        let mut facts = good();
        lack(&mut facts.desktop);
        assert_eq!(troubles(&facts), [expected]);
    }
}

fn registered(activator: bool, permitted: bool) -> Registration {
    Registration {
        shortcut: true,
        app_id: true,
        activator,
        permitted,
    }
}

#[test]
fn toasts_that_somebody_switched_off_are_told() {
    for (permitted, expected) in [(true, vec![]), (false, vec![("toasts", "switched_off")])] {
        let mut facts = good();
        facts.desktop.registration = Some(registered(true, permitted));
        assert_eq!(troubles(&facts), expected);
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
    let words = "Problem: Certificate. It is not trusted. Issued by: Example CA\n    If this is";
    assert!(view.report.contains(words), "{}", view.report);
}
