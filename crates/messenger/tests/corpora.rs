//! Corpora of hostile input: links, addresses of the client's own, and text for toasts.

use deskbell_messenger::deep_link::{self, Launch};
use deskbell_messenger::link::{self, Decision};
use deskbell_messenger::texts::Texts;
use deskbell_messenger::toast;
use deskbell_protocol::{
    AccountId, ConversationId, Message, MessageId, MessageKind, Person, Role, Timestamp,
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
struct Corpus {
    hotline: String,
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    url: String,
    expect: String,
    why: String,
}

/// CLI-07, INP-03, INP-04.
#[test]
fn every_link_of_the_corpus_is_opened_confirmed_or_refused_as_written_there() {
    let corpus: Corpus = serde_json::from_str(include_str!("corpus/links.json")).unwrap();
    assert!(corpus.links.len() >= 200);
    let mut wrong = vec![];
    for Link { url, expect, why } in &corpus.links {
        let decision = link::decide(url, Some(&corpus.hotline));
        let word = match &decision {
            Decision::Open(_) => "opened",
            Decision::Confirm { .. } => "confirm",
            Decision::Refuse => "refused",
        };
        if word != expect {
            wrong.push(format!("{url:?} ({why}): {word}, not {expect}"));
        }
        check_shape(&decision);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is handed to the desktop is the address written anew: ASCII, no blanks, no quotes.
fn check_shape(decision: &Decision) {
    let (url, host) = match decision {
        Decision::Open(url) => (url, None),
        Decision::Confirm { url, host, .. } => (url, Some(host)),
        Decision::Refuse => return,
    };
    assert!(
        url.chars()
            .all(|c| c.is_ascii_graphic() && !"\"<>\\`|^{}".contains(c)),
        "{url}"
    );
    assert!(host.is_none_or(|host| host.is_ascii()), "{host:?}");
    let scheme = url.split(':').next().unwrap_or_default();
    assert!(
        ["https", "http", "mailto", "tel"].contains(&scheme),
        "{url}"
    );
}

const ID: &str = "0196f6a0-0000-7000-8000-00000000000a";

/// CLI-10.
#[test]
fn only_the_exact_address_of_a_conversation_navigates() {
    let good = format!("deskbell://conversation/{ID}");
    assert_eq!(deep_link::parse(&good), Some(ID.parse().unwrap()));
    assert_eq!(
        deep_link::launch(std::slice::from_ref(&good)),
        Launch::Conversation(ID.parse().unwrap())
    );
    let bad = bad_addresses(&good);
    assert!(bad.len() >= 300, "{} bad ones", bad.len());
    for text in &bad {
        assert_eq!(deep_link::parse(text), None, "{text:?} must not navigate");
        let launch = deep_link::launch(std::slice::from_ref(text));
        assert!(
            !matches!(launch, Launch::Conversation(_)),
            "{text:?} must not navigate"
        );
    }
}

fn bad_addresses(good: &str) -> Vec<String> {
    let mut bad = spoiled(good);
    bad.extend(
        [
            "deskbell://ticket/",
            "deskbell:conversation/",
            "DESKBELL://conversation/",
            "deskbell://Conversation/",
            "deskbell://conversation//",
            "deskbell:///conversation/",
            "deskbell://evil/conversation/",
            "deskbell://conversation/../",
            "deskbell://user@conversation/",
            "deskbell://conversation:80/",
            "https://deskbell/conversation/",
            "deskbell2://conversation/",
        ]
        .map(|start| format!("{start}{ID}")),
    );
    for end in [
        "?server=https://evil.example",
        "?token=x",
        "#x",
        "/",
        "/..",
        "/../x",
        " --flag",
        "\" --flag \"",
        "' --x",
        "|calc",
        "&calc",
        ";calc",
        "%00",
        "\0",
        "\n",
        "\r\nx",
        "\t",
        " ",
        "\u{202e}",
        "x",
    ] {
        bad.push(format!("{good}{end}"));
    }
    bad.push(format!("deskbell://conversation/{}", ID.to_uppercase()));
    bad.push(format!("deskbell://conversation/{}", ID.replace('-', "")));
    bad.push(format!("deskbell://conversation/{{{ID}}}"));
    bad.push(format!("deskbell://conversation/urn:uuid:{ID}"));
    bad.push(format!("{good}{}", "a".repeat(300)));
    bad
}

/// Every place of the address, with something else in it.
fn spoiled(good: &str) -> Vec<String> {
    let mut bad = vec![];
    for at in 0..good.len() {
        for other in ['z', 'A', '%', '\u{e4}', ' '] {
            let (before, after) = good.split_at(at);
            bad.push(format!(
                "{before}{other}{}",
                after.get(1..).unwrap_or_default()
            ));
        }
        bad.push(good.get(..at).unwrap_or_default().to_owned());
    }
    bad
}

#[test]
fn a_second_start_can_only_show_the_window_or_navigate() {
    let launch = |args: &[&str]| {
        deep_link::launch(&args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
    };
    let link = format!("deskbell://conversation/{ID}");
    assert_eq!(launch(&[]), Launch::Window);
    assert_eq!(launch(&["--whatever"]), Launch::Window);
    assert_eq!(
        launch(&[&link, "--server=https://evil.example"]),
        Launch::Nothing
    );
    assert_eq!(launch(&[&link, &link]), Launch::Nothing);
    assert_eq!(launch(&["--x", &link]), Launch::Nothing);
    assert_eq!(launch(&["deskbell://evil"]), Launch::Nothing);
}

/// CLI-14.
#[test]
fn a_toast_of_hostile_words_has_a_plain_title_and_at_most_three_clean_lines() {
    let hostile = [
        "</text><text>Two</text><toast launch=\"evil\">",
        "a\u{202e}gpj.exe\u{2066}b",
        "\u{0}\u{7}\u{1b}[31mred",
        "1\n2\n3\n4\n5\n6",
        "\r\n\r\n\u{2028}\u{2029}x\u{85}y",
        "\u{feff}\u{200b}\u{200e}\u{200f}\u{61c}",
        "&lt;b&gt;",
        "]]>",
        "a\tb\u{b}c\u{c}d",
        "\u{e0041}\u{e0042}\u{fff9}x\u{fffb}",
        "𝕏 🇩🇪 👩‍💻 ok",
    ];
    let texts = Texts::new("en");
    for name in hostile {
        for body in hostile {
            let toast = toast::for_message(&reply(name, body), None, true, &texts);
            let lines = 1 + toast.body.lines().count();
            assert!(lines <= 4, "{lines} lines: {toast:?}");
            assert_eq!(toast.title.lines().count(), 1, "{toast:?}");
            assert!(
                toast.title.starts_with("Reply from"),
                "the app chooses the title: {toast:?}"
            );
            let bad = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{61c}')
            };
            assert!(
                !toast.title.contains(bad) && !toast.body.contains(bad),
                "{toast:?}"
            );
        }
    }
    let long = toast::for_message(
        &reply(&"n".repeat(500), &"word ".repeat(5_000)),
        None,
        true,
        &texts,
    );
    assert!(
        long.title.chars().count() < 80 && long.body.chars().count() <= 3 * 121,
        "{long:?}"
    );
}

fn reply(name: &str, body: &str) -> Message {
    let author = Person {
        id: AccountId(Uuid::from_u128(1)),
        name: name.into(),
        role: Role::Technician,
    };
    Message {
        id: MessageId(Uuid::from_u128(2)),
        conversation_id: ConversationId(Uuid::from_u128(3)),
        seq: 1,
        kind: MessageKind::Message,
        author: Some(author),
        body: body.into(),
        update: None,
        created_at: Timestamp::from_millis(0),
        received_at: None,
        read_at: None,
    }
}
