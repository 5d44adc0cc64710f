//! The program itself, as operators run it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use deskbell_server::identity::totp::Authenticator;
use deskbell_testing::caller::Caller;
use deskbell_testing::folder::private_folder;
use deskbell_testing::process::own_variables;
use deskbell_testing::wait::eventually;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_deskbell-server"));
    program.kill_on_drop(true).stdin(Stdio::null());
    for name in own_variables() {
        program.env_remove(name);
    }
    program
}

async fn run(arguments: &[&str]) -> Result<Output> {
    Ok(timeout(PATIENCE, program().args(arguments).output()).await??)
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

/// A folder with a configuration for a server on any free port.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new(more: &str) -> Result<Self> {
        let folder = private_folder()?;
        let data = folder.path().join("data");
        let text = format!(
            "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:8080\"\ndata_dir = {:?}\n{more}",
            data.display().to_string()
        );
        std::fs::write(folder.path().join("server.toml"), text)?;
        Ok(Self { folder })
    }

    fn config(&self) -> String {
        self.path("server.toml")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn file(&self, name: &str, text: &str) -> Result<String> {
        std::fs::write(self.folder.path().join(name), text)?;
        Ok(self.path(name))
    }

    async fn run(&self, arguments: &[&str]) -> Result<Output> {
        let config = self.config();
        run(&[arguments, &["--config", &config]].concat()).await
    }
}

/// A demo with its ready line.
struct Demo {
    process: Child,
    ready: Value,
    _folder: TempDir,
}

async fn demo() -> Result<Demo> {
    let folder = private_folder()?;
    let mut process = program()
        .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = process.stdout.take().context("no output")?;
    let line = timeout(PATIENCE, BufReader::new(out).lines().next_line()).await??;
    let ready = serde_json::from_str(&line.context("the demo ended")?)?;
    Ok(Demo {
        process,
        ready,
        _folder: folder,
    })
}

async fn demo_code(caller: &Caller, to: &str) -> Result<String> {
    eventually("the code is in the mailbox", async || {
        let letters = caller
            .header("accept", "application/json")
            .get("/mailbox")
            .await?;
        let letters = letters.body.as_array().context("no list")?.clone();
        let letter = letters
            .iter()
            .rev()
            .find(|letter| letter["to"] == to)
            .context("no letter")?;
        assert_eq!(letter["channel"], "email");
        assert!(letter["sent_at"].is_string());
        Ok(letter["text"].as_str().context("no text")?[..6].to_owned())
    })
    .await
}

#[tokio::test]
async fn the_demo_signs_everybody_in_with_what_its_mailbox_shows() -> Result<()> {
    let mut demo = demo().await?;
    let url = demo.ready["url"].as_str().unwrap().to_owned();
    assert_eq!(demo.ready["console"], format!("{url}/"));
    assert_eq!(demo.ready["mailbox"], format!("{url}/mailbox"));
    assert_eq!(demo.ready["requesters"].as_array().unwrap().len(), 4);
    let caller = Caller::of(&url);
    let ana = "ana.silva@harbourfinch.example";
    let challenge = caller.start_sign_in(ana).await?;
    caller.ask_for_mail(&challenge).await?;
    let code = demo_code(&caller, ana).await?;
    assert_eq!(caller.try_code(&challenge, &code).await?.status, 200);

    let tess = &demo.ready["authenticators"][0];
    let email = tess["email"].as_str().unwrap();
    assert_eq!(demo.ready["technicians"][0], email);
    let challenge = caller.start_sign_in(email).await?;
    caller.ask_for_mail(&challenge).await?;
    let code = demo_code(&caller, email).await?;
    assert_eq!(caller.try_code(&challenge, &code).await?.status, 403);
    let page = caller
        .header("accept", "text/html")
        .get("/mailbox")
        .await?
        .text;
    let shown = page
        .split(email)
        .nth(1)
        .unwrap()
        .split("<code>")
        .nth(1)
        .unwrap();
    assert_eq!(
        caller.try_digits(&challenge, &shown[..6]).await?.status,
        200
    );

    let elsewhere = caller
        .header("host", "evil.example")
        .get("/mailbox")
        .await?;
    assert_eq!(
        elsewhere.status, 403,
        "a page of another name reads the mailbox"
    );
    demo.process.kill().await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn sigterm_ends_the_server_cleanly() -> Result<()> {
    let mut demo = demo().await?;
    let id = demo.process.id().context("it has ended")?.to_string();
    Command::new("kill").args(["-TERM", &id]).status().await?;
    let status = timeout(PATIENCE, demo.process.wait()).await??;
    assert_eq!(status.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn the_demo_listens_on_this_machine_only() -> Result<()> {
    let output = run(&["demo", "--listen", "0.0.0.0:0"]).await?;
    assert_eq!(output.status.code(), Some(78), "{}", said(&output));
    Ok(())
}

#[tokio::test]
async fn a_wrong_command_line_ends_with_64_and_help_with_0() -> Result<()> {
    assert_eq!(run(&["surf"]).await?.status.code(), Some(64));
    assert_eq!(
        run(&["serve", "--port", "1"]).await?.status.code(),
        Some(64)
    );
    assert_eq!(run(&["--help"]).await?.status.code(), Some(0));
    Ok(())
}

/// WS-03.
#[tokio::test]
async fn plain_http_for_everybody_ends_with_78_and_a_way_out() -> Result<()> {
    let place = Place::new("")?;
    let config = std::fs::read_to_string(place.config())?.replace("127.0.0.1:0", "0.0.0.0:0");
    std::fs::write(place.config(), config)?;
    let output = place.run(&["serve"]).await?;
    assert_eq!(output.status.code(), Some(78));
    assert!(
        said(&output).contains("Refusing to serve plain HTTP"),
        "{}",
        said(&output)
    );
    Ok(())
}

#[tokio::test]
async fn a_second_server_on_the_same_file_ends_with_78() -> Result<()> {
    let place = Place::new("")?;
    let mut first = serve(&place).await?;
    let second = place.run(&["serve"]).await?;
    assert_eq!(second.status.code(), Some(78), "{}", said(&second));
    assert!(
        said(&second).contains("another server already uses"),
        "{}",
        said(&second)
    );
    first.kill().await?;
    Ok(())
}

#[tokio::test]
async fn an_organizations_home_screen_is_dressed_and_its_people_are_told() -> Result<()> {
    let place = Place::new("")?;
    let people = "organization,name,email\nHarbour & Finch,Ana Silva,ana@customer.example\n";
    let people = place.file("people.csv", people)?;
    assert_eq!(
        place.run(&["import", &people]).await?.status.code(),
        Some(0)
    );
    let logo = place.file("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")?;
    let dress = [
        "organization",
        "set",
        "--name",
        "Harbour & Finch",
        "--accent",
        "#0f6e84",
    ];
    let more = ["--logo", &logo, "--phone", "+49 30 5550100"];
    let hours = [
        "--hours",
        "Mon-Fri 08:00-17:30",
        "--time-zone",
        "Europe/Berlin",
    ];
    let output = place.run(&[&dress[..], &more, &hours].concat()).await?;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let dressed = "SELECT COUNT(*) FROM organization WHERE accent_colour = '#0f6e84'
        AND phone = '+49 30 5550100' AND hours LIKE '%17:30%' AND logo_media_type = 'image/svg+xml'";
    assert_eq!(rows(&database(&place), dressed).await?, 1);
    let told = "SELECT COUNT(*) FROM event WHERE kind = 'me'";
    assert_eq!(
        rows(&database(&place), told).await?,
        1,
        "Ana's client asks anew"
    );
    let list = said(&place.run(&["organization", "list"]).await?);
    assert!(list.contains("Harbour & Finch\t1 people"), "{list}");
    for wrong in [
        ["--accent", "teal"],
        ["--logo", &people],
        ["--phone", "none"],
    ] {
        let output = place.run(&[&dress[..4], &wrong].concat()).await?;
        assert_eq!(
            output.status.code(),
            Some(1),
            "{wrong:?}: {}",
            said(&output)
        );
    }
    Ok(())
}

#[tokio::test]
async fn help_articles_are_added_listed_and_removed() -> Result<()> {
    let place = Place::new("")?;
    let add = ["article", "add", "--title", "Set up the VPN", "--url"];
    let plain = place
        .run(&[&add[..], &["http://help.example/vpn"]].concat())
        .await?;
    assert!(
        said(&plain).contains("must begin with https://"),
        "{}",
        said(&plain)
    );
    let stranger = [
        &add[..],
        &["https://help.example/vpn", "--organization", "Nobody"],
    ]
    .concat();
    let stranger = said(&place.run(&stranger).await?);
    assert!(
        stranger.contains("there is no organization Nobody"),
        "{stranger}"
    );
    place
        .run(&[&add[..], &["https://help.example/vpn"]].concat())
        .await?;
    let list = said(&place.run(&["article", "list"]).await?);
    let line = list
        .lines()
        .find(|line| line.contains("Set up the VPN"))
        .context(list.clone())?;
    let id = line.split('\t').next().context("an id")?;
    assert_eq!(
        place.run(&["article", "remove", id]).await?.status.code(),
        Some(0)
    );
    let again = said(&place.run(&["article", "remove", id]).await?);
    assert!(again.contains("there is no article"), "{again}");
    Ok(())
}

#[tokio::test]
async fn the_apis_description_is_printed() -> Result<()> {
    let output = run(&["openapi"]).await?;
    let description: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(description.pointer("/openapi"), Some(&Value::from("3.1.0")));
    Ok(())
}

/// A server that is ready.
async fn serve(place: &Place) -> Result<Child> {
    let mut process = program()
        .args(["serve", "--config", &place.config()])
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(process.stderr.take().context("no log")?).lines();
    loop {
        let line = timeout(PATIENCE, lines.next_line())
            .await??
            .context("the server ended")?;
        if line.contains("serving") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(process);
        }
    }
}

async fn rows(database: &Path, statement: &'static str) -> Result<i64> {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&format!("sqlite:{}", database.display())).await?;
    let count = sqlx::query_scalar(statement).fetch_one(&pool).await?;
    pool.close().await;
    Ok(count)
}

fn database(place: &Place) -> PathBuf {
    place.folder.path().join("data/deskbell.db")
}

const PEOPLE: &str = "organization,name,email,phone\n\
    Harbour & Finch,Ana Silva,Ana.Silva@harbourfinch.example,+49 151 12345601\n\
    Blue Kite Logistics,Dev Patel,dev.patel@bluekite.example,\n";
const DEVICES: &str = "email,name,kind,model,serial\n\
    ana.silva@harbourfinch.example,HF-LT-0412,laptop,ThinkPad T14,PF3XK412\n\
    dev.patel@bluekite.example,\"Printer, hall\",printer,,\n";

#[tokio::test]
async fn people_and_devices_are_imported_and_brought_up_to_date() -> Result<()> {
    let place = Place::new("")?;
    let people = place.file("people.csv", PEOPLE)?;
    let devices = place.file("devices.csv", DEVICES)?;
    for _ in 0..2 {
        let output = place.run(&["import", &people]).await?;
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(
            said(&output).starts_with("Imported 2 people"),
            "{}",
            said(&output)
        );
        let output = place.run(&["import", &devices]).await?;
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let renamed = place.file("more.csv", &DEVICES.replace("HF-LT-0412", "HF-LT-0500"))?;
    place.run(&["import", &renamed]).await?;
    let file = database(&place);
    assert_eq!(rows(&file, "SELECT COUNT(*) FROM organization").await?, 2);
    assert_eq!(
        rows(
            &file,
            "SELECT COUNT(*) FROM account WHERE phone = '+4915112345601'"
        )
        .await?,
        1
    );
    assert_eq!(rows(&file, "SELECT COUNT(*) FROM device").await?, 2);
    assert_eq!(
        rows(
            &file,
            "SELECT COUNT(*) FROM device WHERE name = 'HF-LT-0500'"
        )
        .await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn one_bad_line_imports_nothing_and_is_named() -> Result<()> {
    let place = Place::new("")?;
    let people = place.file("people.csv", &format!("{PEOPLE}Harbour & Finch,,x,\n"))?;
    let output = place.run(&["import", &people]).await?;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("people.csv:4: name is empty"),
        "{}",
        said(&output)
    );

    place
        .run(&["import", &place.file("good.csv", PEOPLE)?])
        .await?;
    let devices = place.file(
        "devices.csv",
        &format!("{DEVICES}nobody@b.example,X,laptop,,\n"),
    )?;
    let output = place.run(&["import", &devices]).await?;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("devices.csv:4: nobody has this address"),
        "{}",
        said(&output)
    );
    assert_eq!(
        rows(&database(&place), "SELECT COUNT(*) FROM device").await?,
        0,
        "half imported"
    );
    Ok(())
}

#[tokio::test]
async fn somebody_who_left_is_imported_as_not_active() -> Result<()> {
    let place = Place::new("")?;
    place
        .run(&["import", &place.file("people.csv", PEOPLE)?])
        .await?;
    let left = "organization,name,email,active\nBlue Kite Logistics,Dev Patel,dev.patel@bluekite.example,no\n";
    let output = place
        .run(&["import", &place.file("left.csv", left)?])
        .await?;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let disabled = "SELECT COUNT(*) FROM account WHERE disabled_at IS NOT NULL";
    assert_eq!(rows(&database(&place), disabled).await?, 1);
    Ok(())
}

#[tokio::test]
async fn technicians_are_added_listed_reset_and_disabled() -> Result<()> {
    let place = Place::new("")?;
    let tess = ["--email", "tess@provider.example"];
    let add = [
        &["technician", "add", "--name", "Tess Berg", "--admin"],
        &tess[..],
    ]
    .concat();
    let output = place.run(&add).await?;
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("otpauth://totp/Deskbell:tess%40provider.example"),
        "{text}"
    );
    assert!(
        text.contains('▀') || text.contains('█'),
        "there is no QR code: {text}"
    );
    let secret = text
        .lines()
        .find_map(|line| line.strip_prefix("Secret:  "))
        .unwrap();
    Authenticator::from_base32(secret, "tess@provider.example")?;
    assert_eq!(place.run(&add).await?.status.code(), Some(1), "added twice");
    let reset = place
        .run(&[&["technician", "reset"], &tess[..]].concat())
        .await?;
    assert!(reset.status.success() && !said(&reset).contains(secret));
    let disable = place
        .run(&[&["technician", "disable"], &tess[..]].concat())
        .await?;
    assert!(disable.status.success(), "{}", said(&disable));
    let list = place.run(&["technician", "list"]).await?;
    assert_eq!(
        said(&list),
        "tess@provider.example\tTess Berg\tadmin\tdisabled\n"
    );
    Ok(())
}

/// DUR-09.
#[tokio::test]
async fn a_running_server_is_backed_up_whole_and_the_copy_has_a_new_epoch() -> Result<()> {
    let place = Place::new("")?;
    let mut server = serve(&place).await?;
    place
        .run(&["import", &place.file("people.csv", PEOPLE)?])
        .await?;
    let copy = place.path("copy.db");
    let output = place.run(&["backup", &copy]).await?;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let copied = Path::new(&copy);
    assert_eq!(rows(copied, "SELECT COUNT(*) FROM account").await?, 2);
    let epochs = "SELECT CAST(COUNT(DISTINCT value) AS BIGINT) FROM meta WHERE name = 'epoch'";
    assert_eq!(rows(copied, epochs).await?, 1);
    assert_ne!(epoch(copied).await?, epoch(&database(&place)).await?);
    assert_eq!(
        place.run(&["backup", &copy]).await?.status.code(),
        Some(1),
        "overwritten"
    );
    server.kill().await?;
    Ok(())
}

async fn epoch(database: &Path) -> Result<String> {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&format!("sqlite:{}", database.display())).await?;
    let epoch = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'epoch'");
    Ok(epoch.fetch_one(&pool).await?)
}

#[tokio::test]
async fn check_names_what_fails_with_a_remedy() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    drop(listener);
    let place = Place::new(&format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"a@b.example\"\n"
    ))?;
    let output = place.run(&["check"]).await?;
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in [
        "ok    configuration",
        "ok    database and key file",
        "FAIL  mail",
        "Remedy: correct [mail]",
        "ok    text messages: switched off",
    ] {
        assert!(text.contains(line), "{line:?} is missing from:\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn checks_and_backups_make_nothing() -> Result<()> {
    let place = Place::new("")?;
    let check = place.run(&["check"]).await?;
    assert!(
        said(&check).contains("there is no database"),
        "{}",
        said(&check)
    );
    assert_ne!(
        place
            .run(&["backup", &place.path("copy.db")])
            .await?
            .status
            .code(),
        Some(0)
    );
    assert!(
        !place.folder.path().join("data").exists(),
        "a look made the data folder"
    );
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn what_the_server_writes_is_for_its_own_user() -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new("")?;
    place
        .run(&["import", &place.file("people.csv", PEOPLE)?])
        .await?;
    let copy = place.path("copy.db");
    place.run(&["backup", &copy]).await?;
    for name in ["data", "data/deskbell.db", "data/server.key", "copy.db"] {
        let mode = std::fs::metadata(place.folder.path().join(name))?
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name} is open to others: {mode:o}");
    }
    Ok(())
}

#[tokio::test]
async fn a_configuration_that_is_missing_or_wrong_ends_with_78() -> Result<()> {
    let nowhere = run(&["check", "--config", "/nowhere/server.toml"]).await?;
    assert_eq!(nowhere.status.code(), Some(78), "{}", said(&nowhere));
    let place = Place::new("lisen = \"127.0.0.1:1\"\n")?;
    let wrong = place.run(&["check"]).await?;
    assert_eq!(wrong.status.code(), Some(78));
    if !said(&wrong).contains("There is no setting `lisen`") {
        bail!("the wrong setting is not named: {}", said(&wrong));
    }
    Ok(())
}
