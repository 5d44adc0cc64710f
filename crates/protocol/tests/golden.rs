//! Every wire message has a golden file: its JSON must not change by accident, and must be read back.
//!
//! `DESKBELL_BLESS=1 cargo test -p deskbell-protocol` writes the files anew after a deliberate change.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]
#![expect(clippy::too_many_lines, reason = "a list of samples has no parts")]

use std::fmt::Debug;
use std::path::PathBuf;

use deskbell_protocol::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("DESKBELL_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} has no golden file: {error}", path.display()));
    assert_eq!(
        golden, text,
        "{name} looks different on the wire than its golden file says"
    );
    let read: T = serde_json::from_str(&golden).unwrap();
    assert_eq!(&read, value, "{name} is not read back as it was written");
}

fn uuid(last: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + last)
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_250_000_000 + seconds * 1000)
}

fn person(last: u128, name: &str, role: Role) -> Person {
    Person {
        id: uuid(last).into(),
        name: name.into(),
        role,
    }
}

fn ana() -> Person {
    person(1, "Ana Silva", Role::Requester)
}

fn tess() -> Person {
    person(2, "Tess Berg", Role::Technician)
}

fn account() -> Account {
    Account {
        id: uuid(1).into(),
        name: "Ana Silva".into(),
        email: "ana.silva@harbourfinch.example".into(),
        role: Role::Requester,
    }
}

fn device() -> Device {
    Device {
        id: uuid(5).into(),
        name: "HF-LT-014".into(),
        kind: DeviceKind::Laptop,
        model: Some("ThinkPad T14".into()),
        serial: Some("PF-3XK21".into()),
    }
}

fn organization() -> OrganizationSummary {
    OrganizationSummary {
        id: uuid(9).into(),
        name: "Harbour & Finch".into(),
    }
}

fn conversation() -> Conversation {
    Conversation {
        id: uuid(20).into(),
        ticket: Some(Ticket {
            number: "1042".into(),
        }),
        status: Status::Closed,
        label: Some("Done".into()),
        subject: "The printer is silent".into(),
        requester: ana(),
        organization: organization(),
        device: Some(device()),
        assignee: Some(tess()),
        created_at: time(0),
        last_activity_at: time(60),
        closed_at: Some(time(60)),
        closed_by: Some(tess()),
    }
}

fn message() -> Message {
    Message {
        id: uuid(21).into(),
        conversation_id: uuid(20).into(),
        seq: 3,
        kind: MessageKind::Message,
        author: Some(tess()),
        body: "Is it **plugged** in?".into(),
        update: None,
        created_at: time(30),
        received_at: Some(time(31)),
        read_at: None,
    }
}

fn update(update: Update) -> Message {
    Message {
        id: uuid(22).into(),
        kind: MessageKind::Update,
        body: String::new(),
        update: Some(update),
        received_at: None,
        ..message()
    }
}

#[test]
fn signing_in_looks_as_agreed() {
    check(
        "start_sign_in",
        &StartSignIn {
            email: "ana.silva@harbourfinch.example".into(),
        },
    );
    check(
        "sign_in_started",
        &SignInStarted {
            challenge_id: uuid(3).into(),
        },
    );
    check("send_code_email", &SendCode::Email {});
    check(
        "send_code_sms",
        &SendCode::Sms {
            phone: "+4915112345601".into(),
        },
    );
    check(
        "verify_code",
        &VerifyCode {
            code: "000000".into(),
        },
    );
    check(
        "verify_second_factor",
        &VerifySecondFactor {
            totp: "123456".into(),
        },
    );
    let signed_in = SignedIn {
        token: Some("token".into()),
        session_id: uuid(4).into(),
        expires_at: time(3600),
        account: account(),
    };
    check("signed_in", &signed_in);
    check(
        "signed_in_by_cookie",
        &SignedIn {
            token: None,
            ..signed_in
        },
    );
    let session = Session {
        id: uuid(4).into(),
        current: true,
        client: "Deskbell/0.1.0 (linux)".into(),
        ip: "192.0.2.7".into(),
        created_at: time(0),
        last_used_at: time(5),
        expires_at: time(3600),
    };
    check("session", &session);
}

#[test]
fn who_i_am_looks_as_agreed() {
    let hours = Hours {
        time_zone: "Europe/Berlin".into(),
        weekly: vec![OpenSpan {
            weekday: 1,
            opens: "08:00".into(),
            closes: "17:30".into(),
        }],
    };
    let branding = Branding {
        accent_colour: Some("#0a6c74".into()),
        logo: Some(Logo {
            media_type: "image/svg+xml".into(),
            data_base64: "PHN2Zy8+".into(),
        }),
    };
    let me = Me {
        account: account(),
        session_id: uuid(4).into(),
        organization: Some(Organization {
            id: uuid(9).into(),
            name: "Harbour & Finch".into(),
            branding,
            hours: Some(hours),
            phone: Some("+49 30 5550 1000".into()),
        }),
        features: Features {
            attachments: false,
            typing: true,
        },
        limits: Limits {
            text_bytes: 16_384,
            upload_bytes: 26_214_400,
        },
    };
    check("me", &me);
    let server = ServerInfo {
        product: "deskbell".into(),
        version: "0.1.0".into(),
        api: API,
        oldest_client: "0.1.0".into(),
        time: time(0),
        sms: true,
    };
    check("server_info", &server);
    let article = Article {
        id: uuid(30).into(),
        title: "Set up the VPN".into(),
        url: "https://help.example/vpn".into(),
    };
    check("article", &article);
}

#[test]
fn conversations_look_as_agreed() {
    let preview = Preview {
        author: tess(),
        text: "Is it **plugged** in?".into(),
        created_at: time(30),
    };
    let item = ConversationItem {
        conversation: conversation(),
        unread_count: 2,
        read_seq: 1,
        preview: Some(preview),
    };
    check(
        "conversation_page",
        &Page {
            items: vec![item],
            next: Some("opaque".into()),
        },
    );
    let create = CreateConversation {
        id: uuid(20).into(),
        description: "The printer is silent".into(),
        device_id: None,
    };
    check("create_conversation", &create);
    let assign = Assign {
        technician_id: Assignee::Me,
        replaces: None,
        note: Some("Knows printers".into()),
    };
    check("assign_to_me", &assign);
    let other = Assignee::Technician(uuid(2).into());
    check(
        "assign_to_other",
        &Assign {
            technician_id: other,
            ..assign
        },
    );
    check("mark_read", &MarkRead { seq: 3 });
}

#[test]
fn messages_look_as_agreed() {
    check("message", &message());
    let ticket = Ticket {
        number: "1042".into(),
    };
    check(
        "update_ticket_created",
        &update(Update::TicketCreated { ticket }),
    );
    check(
        "update_assigned",
        &update(Update::Assigned { technician: tess() }),
    );
    let changed = Update::StatusChanged {
        status: Status::Waiting,
        label: Some("On hold".into()),
    };
    check("update_status_changed", &update(changed));
    check("update_closed", &update(Update::Closed {}));
    let send = SendMessage {
        id: uuid(21).into(),
        body: "Yes".into(),
        attachments: vec![],
        kind: MessageKind::Message,
    };
    check("send_message", &send);
}

#[test]
fn the_feed_looks_as_agreed() {
    let id = ConversationId(uuid(20));
    let created = Event::MessageCreated { message: message() };
    let events = vec![
        SequencedEvent {
            seq: 2,
            event: Event::ConversationChanged {
                conversation: conversation(),
            },
        },
        SequencedEvent {
            seq: 3,
            event: created.clone(),
        },
        SequencedEvent {
            seq: 4,
            event: Event::Receipt {
                conversation_id: id,
                state: ReceiptState::Read,
                seq: 3,
                at: time(40),
            },
        },
        SequencedEvent {
            seq: 5,
            event: Event::Read {
                conversation_id: id,
                account_id: uuid(1).into(),
                seq: 3,
                unread_count: 0,
            },
        },
        SequencedEvent {
            seq: 6,
            event: Event::MeChanged {},
        },
    ];
    check(
        "sync",
        &Sync {
            cursor: "epoch:6".into(),
            events,
            more: false,
            resync: false,
        },
    );
    let hello = ServerFrame::Hello {
        cursor: "epoch:2".into(),
        server_time: time(0),
    };
    check("frame_hello", &hello);
    check(
        "frame_resync",
        &ServerFrame::Resync {
            cursor: "epoch:9".into(),
            server_time: time(0),
        },
    );
    let event = ServerFrame::Event {
        seq: 3,
        cursor: "epoch:3".into(),
        event: created,
    };
    check("frame_event", &event);
    check(
        "frame_typing",
        &ServerFrame::Typing {
            conversation_id: id,
            person: tess(),
        },
    );
    check(
        "frame_viewing",
        &ServerFrame::Viewing {
            conversation_id: id,
            technicians: vec![tess()],
        },
    );
    check(
        "client_hello",
        &ClientFrame::Hello {
            cursor: Some("epoch:2".into()),
        },
    );
    check("client_received", &ClientFrame::Received { seq: 3 });
    check(
        "client_typing",
        &ClientFrame::Typing {
            conversation_id: id,
        },
    );
    check(
        "client_viewing",
        &ClientFrame::Viewing {
            conversation_id: None,
        },
    );
}

#[test]
fn problems_look_as_agreed() {
    let problem = Problem {
        problem_type: "about:blank".into(),
        title: "Unauthorized".into(),
        status: 401,
        code: ErrorCode::CodeInvalid,
        detail: "The code is wrong; ask for a new one if it is not at hand.".into(),
        field: None,
        attempts_left: Some(4),
        retry_after_seconds: None,
        assignee: None,
    };
    check("problem", &problem);
    check("frame_error", &ServerFrame::Error { problem });
}

#[test]
fn what_a_newer_peer_adds_is_ignored() {
    let frame = r#"{"type":"fireworks","colour":"red"}"#;
    assert_eq!(
        serde_json::from_str::<ServerFrame>(frame).unwrap(),
        ServerFrame::Unknown
    );
    let event = r#"{"seq":7,"event":{"type":"rated","stars":5},"extra":1}"#;
    let read: SequencedEvent = serde_json::from_str(event).unwrap();
    assert_eq!(read.event, Event::Unknown);
    assert_eq!(
        serde_json::from_str::<ErrorCode>("\"brand_new\"").unwrap(),
        ErrorCode::Unknown
    );
    let device = r#"{"id":"01990000-0000-7000-8000-000000000005","name":"x","kind":"watch","model":null,"serial":null}"#;
    assert_eq!(
        serde_json::from_str::<Device>(device).unwrap().kind,
        DeviceKind::Other
    );
}

#[test]
fn requests_with_unknown_fields_are_refused() {
    let refused = serde_json::from_str::<MarkRead>(r#"{"seq":1,"force":true}"#).unwrap_err();
    assert!(
        refused.to_string().contains("unknown field `force`"),
        "{refused}"
    );
    let refused =
        serde_json::from_str::<SendCode>(r#"{"method":"email","phone":"+49"}"#).unwrap_err();
    assert!(
        refused.to_string().contains("unknown field `phone`"),
        "{refused}"
    );
}
