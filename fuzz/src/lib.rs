//! What strangers can hand to Deskbell, each with what must hold whatever they hand.
//!
//! A target takes any bytes and panics when something does not hold. The tests give it the corpus and
//! mutations of that; `fuzz/run` gives it to libFuzzer.
#![expect(clippy::panic, reason = "a target tells by panicking")]

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use deskbell_messenger::address::ServerAddress;
use deskbell_messenger::command::Command;
use deskbell_messenger::deep_link::{self, Launch};
use deskbell_messenger::link::{self, Decision};
use deskbell_messenger::texts::Texts;
use deskbell_messenger::{clean, toast};
use deskbell_protocol::{
    AccountId, ClientFrame, ConversationId, Message, MessageId, MessageKind, Person, Problem, Role,
    ServerFrame, Sync, Timestamp,
};
use deskbell_server::bus::Note;
use deskbell_server::commands::sheet::{self, Sheet};
use deskbell_server::listen::forwarded;
use uuid::Uuid;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("frames", frames),
    ("commands", commands),
    ("addresses", addresses),
    ("texts", texts),
    ("sheets", sheets),
    ("notes", notes),
];

/// What client and server read from each other. What is understood can be said again, and means the same.
pub fn frames(data: &[u8]) {
    if let Ok(frame) = serde_json::from_slice::<ClientFrame>(data) {
        let again = serde_json::to_vec(&frame).unwrap_or_default();
        let read = serde_json::from_slice(&again);
        assert_eq!(read.ok().as_ref(), Some(&frame), "another client frame");
    }
    if let Ok(frame) = serde_json::from_slice::<ServerFrame>(data) {
        let again = serde_json::to_vec(&frame).unwrap_or_default();
        let known = !matches!(frame, ServerFrame::Unknown) && !again.is_empty();
        let read = serde_json::from_slice::<ServerFrame>(&again);
        assert!(
            !known || read.is_ok(),
            "a frame that cannot be said: {frame:?}"
        );
    }
    let _ = serde_json::from_slice::<Sync>(data);
    let _ = serde_json::from_slice::<Problem>(data);
}

/// What the window asks of the client, as a page gone bad could. It is one of the known wishes, whose
/// lists and paths nobody else can name, or it is refused.
pub fn commands(data: &[u8]) {
    let Ok(command) = serde_json::from_slice::<Command>(data) else {
        return;
    };
    let Ok(said) = serde_json::to_value(&command) else {
        panic!("{command:?} cannot be said");
    };
    let again = serde_json::from_value::<Command>(said);
    assert!(again.is_ok(), "{command:?} is not understood a second time");
}

/// Addresses: of conversations, of servers, in links. Each leads where it says, or nowhere.
pub fn addresses(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let named = deep_link::parse(text);
    if let Some(id) = named {
        assert_eq!(deep_link::write(id), text, "not to the letter");
    }
    if let Launch::Conversation(id) = deep_link::launch(&[text.to_owned()]) {
        assert_eq!(named, Some(id), "{text:?} navigates");
    }
    opened(&link::decide(text, Some("+49 30 5550100")));
    if let Ok(server) = ServerAddress::parse(text) {
        let kept = server.is_encrypted() || server.is_loopback();
        assert!(kept, "{server} is asked in clear");
        assert!(
            !server.text().contains(['@', '?', '#']),
            "{server} has more than a host"
        );
    }
}

fn opened(decision: &Decision) {
    let (url, host) = match decision {
        Decision::Open(url) => (url, ""),
        Decision::Confirm { url, host, .. } => (url, host.as_str()),
        Decision::Refuse => return,
    };
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\`|^{}".contains(c);
    assert!(url.chars().all(plain) && host.is_ascii(), "{decision:?}");
    let scheme = url.split(':').next().unwrap_or_default();
    let known = ["https", "http", "mailto", "tel"].contains(&scheme);
    assert!(known && url.len() <= 2_048, "{decision:?}");
}

/// What people write, as it is shown outside of the window: short, in so many lines, with nothing hidden.
pub fn texts(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, body) = text.split_once('\n').unwrap_or(("", &text));
    visible(&clean::one_line(&text, 40), 1, 40);
    visible(&clean::lines(&text, 3, 40), 3, 122);
    let _ = clean::without_marks(&text);
    let toast = toast::for_message(&reply(name, body), None, true, &Texts::new("en"));
    visible(&toast.title, 1, 80);
    visible(&toast.body, 3, 363);
    assert!(toast.title.starts_with("Reply from"), "{toast:?}");
}

fn visible(text: &str, most_lines: usize, most_chars: usize) {
    let hidden = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{61c}')
    };
    assert!(!text.contains(hidden), "{text:?} hides something");
    assert!(
        text.lines().count() <= most_lines,
        "{text:?} has more lines"
    );
    assert!(text.chars().count() <= most_chars, "{text:?} is longer");
}

fn reply(name: &str, body: &str) -> Message {
    let author = Person {
        id: AccountId(Uuid::from_u128(1)),
        name: name.to_owned(),
        role: Role::Technician,
    };
    Message {
        id: MessageId(Uuid::from_u128(2)),
        conversation_id: ConversationId(Uuid::from_u128(3)),
        seq: 1,
        kind: MessageKind::Message,
        author: Some(author),
        body: body.to_owned(),
        update: None,
        created_at: Timestamp::from_millis(0),
        received_at: None,
        read_at: None,
    }
}

/// A file of people or devices. It is taken whole, each person once, or its faults are named by line.
pub fn sheets(data: &[u8]) {
    match sheet::read(data) {
        Ok(Sheet::People(people)) => {
            let addresses = people.iter().map(|person| &person.email);
            let once: std::collections::HashSet<_> = addresses.collect();
            assert_eq!(once.len(), people.len(), "somebody is there twice");
            for person in &people {
                plain(&person.name);
                plain(&person.organization);
                assert!(person.email.contains('@'), "{person:?}");
            }
        }
        Ok(Sheet::Devices(devices)) => devices.iter().for_each(|device| plain(&device.name)),
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a reason");
            assert!(faults.iter().all(|fault| fault.line > 0), "{faults:?}");
        }
    }
}

fn plain(cell: &str) {
    let sound = !cell.trim().is_empty() && !cell.chars().any(char::is_control);
    assert!(sound && cell.chars().count() <= 200, "{cell:?} was taken");
}

/// What comes over the bus, and what proxies say of a client. A note that is understood says itself again.
pub fn notes(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == b'\n');
    let (subject, payload) = data.split_at(cut.unwrap_or(data.len()));
    let payload = payload.get(1..).unwrap_or_default();
    let subject = String::from_utf8_lossy(subject);
    if let Some(note) = Note::read(&subject, payload) {
        let again = Note::read(&note.subject(), note.payload().as_bytes());
        assert_eq!(again, Some(note), "another note");
    }
    let Ok(line) = HeaderValue::from_bytes(data) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.append("x-forwarded-for", line);
    let stranger = IpAddr::from([203, 0, 113, 9]);
    let seen = forwarded::client(&[], stranger, &headers);
    assert_eq!(seen, stranger, "a stranger says who they are");
}
