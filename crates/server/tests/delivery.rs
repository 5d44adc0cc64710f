//! Codes on their way: mail servers that are down, come back, refuse, or take their time.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Result, bail};
use deskbell_protocol::limits::EMAIL_CODE_LIFE_SECONDS;
use deskbell_server::config::Config;
use deskbell_server::delivery::Carriers;
use deskbell_testing::server::TestServer;
use deskbell_testing::wait::eventually;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const ANA: &str = "ana.silva@customer.example";

/// Carriers to a mail server at this address, without protection as on loopback allowed.
fn mail_at(address: SocketAddr) -> Result<Carriers> {
    let text = format!(
        "public_url = \"http://127.0.0.1\"\ndata_dir = \"/nowhere\"\n[mail]\nhost = \"127.0.0.1\"\n\
         port = {}\nsecurity = \"none\"\nfrom = \"Deskbell <desk@provider.example>\"\n",
        address.port()
    );
    Carriers::configured(&Config::parse(&text, [])?)
}

/// A port that nobody listens on.
async fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

/// The least a mail server says. Keeps the mails it takes; answers RCPT with this.
async fn mail_server(
    address: SocketAddr,
    to_recipients: &'static str,
) -> Result<Arc<Mutex<Vec<String>>>> {
    let listener = TcpListener::bind(address).await?;
    let mails = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&mails);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, to_recipients, Arc::clone(&kept)));
        }
    });
    Ok(mails)
}

async fn converse(
    stream: TcpStream,
    to_recipients: &str,
    kept: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 here\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let answer = match line.get(..4).unwrap_or_default() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut mail).await?;
                }
                kept.lock().unwrap().push(mail);
                "250 taken"
            }
            "RCPT" => to_recipients,
            _ => "250 fine",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

async fn waiting(server: &TestServer) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM delivery");
    Ok(count.fetch_one(server.app.store.read()).await?)
}

/// Moves the clock on in steps of the longest pause until no letter waits.
async fn until_nothing_waits(server: &TestServer) -> Result<()> {
    eventually("the queue is empty", async || {
        if waiting(server).await? > 0 {
            server.clock.advance_seconds(1);
            bail!("a letter still waits");
        }
        Ok(())
    })
    .await
}

async fn ask(server: &TestServer) -> Result<String> {
    server.requester("Ana Silva").await?;
    let challenge = server.anyone().start_sign_in(ANA).await?;
    let asked = server.anyone().ask_for_mail(&challenge).await?;
    assert_eq!(asked.status, 202, "{}", asked.text);
    Ok(challenge)
}

/// LOG-18, and that the mail can be answered to by nobody's machine.
#[tokio::test]
async fn the_mail_has_the_code_in_its_text_alone() -> Result<()> {
    let address = free_port().await?;
    let mails = mail_server(address, "250 fine").await?;
    let server = TestServer::with_carriers(mail_at(address)?).await?;
    let challenge = ask(&server).await?;
    until_nothing_waits(&server).await?;
    let mail = mails.lock().unwrap().first().unwrap().clone();
    let (head, text) = mail.split_once("\r\n\r\n").unwrap();
    let text = text.replace("=\r\n", "");
    let code = text.get(..6).unwrap();
    assert!(!head.contains(code), "the code shows in the head: {head}");
    for line in [
        "To: ana.silva@customer.example",
        "Subject: Your Deskbell sign-in code",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(head.contains(line), "{line:?} is missing from: {head}");
    }
    for fact in [
        "10 minutes",
        "127.0.0.1",
        "2026-11-21 08:00 UTC",
        "We never ask for this code",
    ] {
        assert!(text.contains(fact), "{fact:?} is missing from: {text}");
    }
    assert_eq!(
        server.anyone().try_code(&challenge, code).await?.status,
        200
    );
    Ok(())
}

/// DUR-13.
#[tokio::test]
async fn a_code_asked_for_while_mail_is_down_comes_when_it_is_back() -> Result<()> {
    let address = free_port().await?;
    let server = TestServer::with_carriers(mail_at(address)?).await?;
    ask(&server).await?;
    eventually("a first try has failed", async || {
        let tries: i64 = sqlx::query_scalar("SELECT MAX(tries) FROM delivery")
            .fetch_one(server.app.store.read())
            .await?;
        if tries == 0 {
            bail!("not tried yet")
        } else {
            Ok(())
        }
    })
    .await?;
    let mails = mail_server(address, "250 fine").await?;
    until_nothing_waits(&server).await?;
    assert_eq!(mails.lock().unwrap().len(), 1);
    Ok(())
}

/// DUR-13.
#[tokio::test]
async fn a_code_that_became_too_old_is_never_sent() -> Result<()> {
    let address = free_port().await?;
    let server = TestServer::with_carriers(mail_at(address)?).await?;
    ask(&server).await?;
    server.clock.advance_seconds(EMAIL_CODE_LIFE_SECONDS + 1);
    let mails = mail_server(address, "250 fine").await?;
    until_nothing_waits(&server).await?;
    assert!(mails.lock().unwrap().is_empty(), "an old code was mailed");
    Ok(())
}

/// DUR-13.
#[tokio::test]
async fn a_code_waits_through_a_restart() -> Result<()> {
    let server = TestServer::with_carriers(mail_at(free_port().await?)?).await?;
    let challenge = ask(&server).await?;
    let server = server.restart_with_mailbox().await?;
    server.clock.advance_seconds(90);
    let code = server.code_to(ANA, 1).await?;
    assert_eq!(
        server.anyone().try_code(&challenge, &code).await?.status,
        200
    );
    Ok(())
}

#[tokio::test]
async fn an_address_the_mail_server_refuses_is_not_tried_again() -> Result<()> {
    let address = free_port().await?;
    let mails = mail_server(address, "550 nobody here").await?;
    let server = TestServer::with_carriers(mail_at(address)?).await?;
    ask(&server).await?;
    eventually("the letter is given up", async || {
        if waiting(&server).await? > 0 {
            bail!("it still waits")
        } else {
            Ok(())
        }
    })
    .await?;
    assert!(mails.lock().unwrap().is_empty());
    Ok(())
}

/// LOG-02: the answer does not wait for the mail server.
#[tokio::test]
async fn a_mail_server_that_says_nothing_holds_nobody_up() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = TestServer::with_carriers(mail_at(listener.local_addr()?)?).await?;
    timeout(Duration::from_secs(15), ask(&server)).await??;
    let (mut silent, _) = listener.accept().await?;
    assert!(
        timeout(Duration::from_millis(50), silent.read(&mut [0; 64]))
            .await
            .is_err()
    );
    Ok(())
}
