use super::*;

const LEAST: &str = "public_url = \"https://help.example.com\"\ndata_dir = \"/var/lib/deskbell\"\n";
const EXAMPLE: &str = include_str!("../../../../docs/deskbell-server.example.toml");
const DOCS: &str = include_str!("../../../../docs/config.md");

fn parse(more: &str) -> Result<Config, String> {
    Config::parse(&format!("{LEAST}{more}"), []).map_err(|error| error.to_string())
}

fn refusal(more: &str) -> String {
    parse(more)
        .map(|_| ())
        .expect_err("this configuration should have been refused")
}

#[test]
fn two_settings_are_enough_on_loopback() {
    let config = parse("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        config.database_url(),
        "sqlite:/var/lib/deskbell/deskbell.db"
    );
    assert_eq!(config.key_file(), Path::new("/var/lib/deskbell/server.key"));
}

#[test]
fn an_unknown_setting_is_named_with_the_nearest_known_one() {
    let text = refusal("[mail]\nhosts = \"x\"\n");
    assert!(
        text.starts_with("There is no setting `mail.hosts`."),
        "{text}"
    );
    assert!(refusal("[mails]\nhost = \"x\"\n").contains("There is no setting `mails`."));
    assert!(refusal("host = \"x\"\n").contains("Did you mean `mail.host`?"));
}

/// WS-03.
#[test]
fn plain_http_beyond_loopback_is_refused_with_the_three_ways_out() {
    let text = refusal("listen = \"0.0.0.0:8080\"\n");
    for way in ["[tls]", "[proxy]", "127.0.0.1"] {
        assert!(text.contains(way), "{way} is not offered in: {text}");
    }
    let proxied = "listen = \"0.0.0.0:8080\"\n[proxy]\ntrusted = [\"10.0.0.5/32\"]\n";
    assert!(parse(proxied).is_ok());
    assert!(
        refusal("listen = \"0.0.0.0:80\"\n[proxy]\ntrusted = [\"0.0.0.0/0\"]\n")
            .contains("not every")
    );
}

#[test]
fn mail_in_clear_beyond_loopback_is_refused() {
    let mail =
        |rest: &str| format!("[mail]\nhost = \"mx.example.com\"\nfrom = \"a@b.example\"\n{rest}");
    assert!(parse(&mail("")).is_ok());
    assert!(refusal(&mail("security = \"none\"\n")).contains("loopback only"));
    assert!(refusal(&mail("user = \"x\"\n")).contains("go together"));
}

#[test]
fn text_messages_need_countries_and_a_protected_gateway() {
    let kannel = "[sms]\npreset = \"kannel\"\n";
    assert!(
        refusal(&format!(
            "{kannel}url = \"http://sms.example\"\ncountries = [\"+49\"]\n"
        ))
        .contains("https://")
    );
    assert!(
        refusal(&format!(
            "{kannel}url = \"https://s.example\"\ncountries = []\n"
        ))
        .contains("sms.countries")
    );
    let config = parse(&format!(
        "{kannel}url = \"http://127.0.0.1:1\"\ncountries = [\"+49\"]\n"
    ))
    .unwrap();
    let sms = config.sms.unwrap();
    assert!(sms.reaches("+4915112345601") && !sms.reaches("+35112345601"));
}

#[test]
fn several_servers_need_postgresql_and_a_bus_that_nobody_overhears() {
    let bus = |lines: &str| format!("database_url = \"postgres://db/d\"\n[bus]\n{lines}\n");
    assert!(parse(&bus("servers = [\"nats://127.0.0.1:4222\"]")).is_ok());
    assert!(parse(&bus("servers = [\"tls://nats.example.com\"]")).is_ok());
    let plain = "servers = [\"nats://nats.example.com\"]";
    assert!(refusal(&bus(plain)).contains("tls://"));
    assert!(parse(&bus(&format!("{plain}\nallow_plain = true"))).is_ok());
    for (lines, reason) in [
        ("servers = []", "must name"),
        ("servers = [\"http://x\"]", "must be tls://"),
        ("servers = [\"tls://u:p@x\"]", "without a password"),
        ("servers = [\"tls://x\"]\nuser = \"u\"", "go together"),
    ] {
        let text = refusal(&bus(lines));
        assert!(text.contains(reason), "{lines}: {text}");
    }
    assert!(refusal("[bus]\nservers = [\"tls://x\"]\n").contains("one PostgreSQL"));
    assert!(refusal("[metrics]\n").contains("token"));
}

#[test]
fn the_environment_beats_the_file() {
    let environment = [
        ("DESKBELL_MAIL__HOST", "mx.example.com"),
        ("DESKBELL_MAIL__FROM", "a@b.example"),
        ("DESKBELL_MAIL__PORT", "2525"),
        ("DESKBELL_MAIL__USER", "u"),
        ("DESKBELL_MAIL__PASSWORD", "12345"),
        ("DESKBELL_PROXY__TRUSTED", "10.0.0.1/32, 10.0.0.2/32"),
        ("PATH", "/bin"),
    ];
    let owned = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::parse(LEAST, owned).unwrap();
    let mail = config.mail.as_ref().unwrap();
    assert_eq!(
        (mail.port(), mail.password.as_deref()),
        (2525, Some("12345"))
    );
    assert_eq!(config.trusted_proxies().len(), 2);
}

#[test]
fn a_misspelt_variable_is_refused() {
    let wrong = [("DESKBELL_MAIL_HOST".to_owned(), "x".to_owned())];
    let text = Config::parse(LEAST, wrong).unwrap_err().to_string();
    assert!(
        text.contains("DESKBELL_MAIL_HOST names no setting"),
        "{text}"
    );
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let mail = "[mail]\nhost = \"mx.example.com\"\nfrom = \"a@b.example\"\nuser = \"u\"\npassword = \"canary\"\n";
    assert!(!format!("{:?}", parse(mail).unwrap()).contains("canary"));
}

#[test]
fn the_example_file_shows_every_setting_and_is_valid() {
    Config::parse(EXAMPLE, []).unwrap();
    let uncommented: String = EXAMPLE
        .lines()
        .filter_map(|line| line.strip_prefix("#: ").or(Some(line)))
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    let table: toml::Table = uncommented.parse().unwrap();
    for setting in SETTINGS {
        let shown = setting
            .key
            .split('.')
            .try_fold(toml::Value::from(table.clone()), |value, part| {
                value.get(part).cloned()
            });
        assert!(
            shown.is_some(),
            "{} is missing from the example file",
            setting.key
        );
    }
}

#[test]
fn the_documentation_lists_every_setting() {
    assert!(
        DOCS.contains(&table()),
        "docs/config.md is out of date; put this table into it:\n{}",
        table()
    );
}
