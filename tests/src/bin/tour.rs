//! Plays the main job through the real window and console and leaves a picture of each step.
#![expect(clippy::print_stdout, reason = "it tells what it does")]

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use deskbell_protocol::ConversationId;
use deskbell_testing::{browser::Scheme, desktop::Desktop};
use deskbell_tests::{
    api::Visitor,
    employee::{Choice, Employee},
    server::Server,
    technician::Technician,
};

const ANA: &str = "ana.silva@harbourfinch.example";
const TESS: &str = "tess.berg@deskbell.example";
const OMAR: &str = "omar.haddad@deskbell.example";

/// Plays the main job on a virtual display.
#[derive(Parser)]
struct Arguments {
    /// Where the pictures go.
    #[arg(long)]
    pictures: PathBuf,
    /// How window and console look.
    #[arg(long, default_value = "light")]
    scheme: Look,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Look {
    Light,
    Dark,
}

/// Counts the steps and names their pictures.
struct Album {
    folder: PathBuf,
}

impl Album {
    fn place(&self, name: &str, what: &str) -> PathBuf {
        let file = self.folder.join(format!("{name}.png"));
        println!("{what} ({})", file.display());
        file
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.pictures)?;
    let album = Album {
        folder: std::fs::canonicalize(&arguments.pictures)?,
    };
    let (desktop, server) = tokio::try_join!(Desktop::start(), Server::demo())?;
    let dark = [("GTK_THEME", "Adwaita:dark")];
    let theme: &[(&str, &str)] = if arguments.scheme == Look::Dark {
        &dark
    } else {
        &[]
    };
    let employee = Employee::start_with(&desktop, &server.url(), theme).await?;
    let request = bell(&employee, &server, &album).await?;
    let others = meanwhile(&server).await?;
    let scheme = if arguments.scheme == Look::Dark {
        Scheme::Dark
    } else {
        Scheme::Light
    };
    let technician = console(&desktop, &server, scheme, request, &album).await?;
    answer(&desktop, &employee, &technician, &album).await?;
    println!("done, with {} other requests in the list", others.len());
    Ok(())
}

/// The employee's side up to the ticket's number.
async fn bell(employee: &Employee, server: &Server, album: &Album) -> Result<ConversationId> {
    let window = &employee.window;
    window.find("email").await?;
    employee
        .picture(&album.place("window-sign-in", "The window asks for the work address"))
        .await?;
    employee.sign_in_by_email(ANA, &server.mailbox()).await?;
    employee
        .picture(&album.place("window-home", "Signed in with a mailed code: home"))
        .await?;
    employee.begin_request().await?;
    window
        .fill(
            "description",
            "The printer at the front desk eats paper since this morning.",
        )
        .await?;
    employee
        .picture(&album.place("window-help", "Help: what is wrong"))
        .await?;
    window.click("description-next").await?;
    employee.choose(Choice::Named("Front desk printer")).await?;
    employee
        .picture(&album.place("window-devices", "On which device"))
        .await?;
    window.click("request-send").await?;
    let number = window.text("ticket-number").await?;
    employee
        .picture(&album.place(
            "window-ticket",
            &format!("The ticket has the number {number}"),
        ))
        .await?;
    employee.open_conversation().await
}

/// What other people do, so that the console has something to show.
async fn meanwhile(server: &Server) -> Result<Vec<ConversationId>> {
    let (url, mailbox) = (server.url(), server.mailbox());
    let omar = Visitor::technician(&url, OMAR, &mailbox, server.authenticator(OMAR)?).await?;
    let requests = [
        (
            "ben.okafor@harbourfinch.example",
            "My second screen stays black after the update.",
        ),
        (
            "carla.jensen@bluekite.example",
            "The label printer at dock 3 prints everything twice.",
        ),
        (
            "dev.patel@bluekite.example",
            "I cannot sign in to the **VPN** from home: error 809.",
        ),
    ];
    let mut made = Vec::new();
    for (email, text) in requests {
        made.push(
            Visitor::requester(&url, email, &mailbox)
                .await?
                .ask(text)
                .await?,
        );
    }
    let (taken, closed) = (
        made.get(1).context("three requests")?,
        made.get(2).context("three requests")?,
    );
    omar.take(*taken).await?;
    omar.write(
        *taken,
        "Which paper is in it? Please send the label from the roll.",
    )
    .await?;
    omar.take(*closed).await?;
    omar.write(*closed, "The gateway had the wrong key. Please try again.")
        .await?;
    omar.close(*closed).await?;
    Ok(made)
}

/// The technician's side up to the reply.
async fn console(
    desktop: &Desktop,
    server: &Server,
    scheme: Scheme,
    request: ConversationId,
    album: &Album,
) -> Result<Technician> {
    let technician = Technician::open(desktop.folder(), &server.url(), scheme).await?;
    technician.console.find("email").await?;
    picture(
        &technician,
        &album.place("console-sign-in", "The console in a browser"),
    )
    .await?;
    technician
        .enter(TESS, &server.mailbox(), server.authenticator(TESS)?)
        .await?;
    technician.sees(request, "new").await?;
    picture(
        &technician,
        &album.place(
            "console-list",
            "The request is in the list, in red: nobody has it",
        ),
    )
    .await?;
    technician.open_conversation(request).await?;
    technician.take().await?;
    Ok(technician)
}

/// The answer, the toast, the chat, the end.
async fn answer(
    desktop: &Desktop,
    employee: &Employee,
    technician: &Technician,
    album: &Album,
) -> Result<()> {
    employee.reads("Tess Berg").await?;
    employee.window.click("back").await?;
    employee.window.find("home").await?;
    technician
        .reply("I am on my way. Which tray does it take the paper from?")
        .await?;
    desktop.toasts.wait_for("Which tray").await?;
    employee.window.find("unread").await?;
    employee.window.drawn().await?;
    desktop
        .picture(&album.place("desktop-toast", "A toast brings the answer to the desktop"))
        .await?;
    desktop.toasts.click().await?;
    employee.reads("Which tray").await?;
    employee.send("The lower one. **Thank you!**").await?;
    employee.sees_delivery("The lower one", "read").await?;
    employee
        .picture(&album.place("window-chat", "A click on it opened the chat"))
        .await?;
    technician.reads("The lower one").await?;
    picture(
        technician,
        &album.place("console-chat", "The console's side of it"),
    )
    .await?;
    technician.close().await?;
    employee.window.find("closed").await?;
    employee
        .picture(&album.place("window-closed", "Closed: it can only be read"))
        .await
}

async fn picture(technician: &Technician, file: &Path) -> Result<()> {
    technician.console.picture(file).await
}
