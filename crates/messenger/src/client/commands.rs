//! What the window asks for.

use deskbell_protocol::{ClientFrame, ConversationId};

use super::sending::Sending;
use super::{Core, Stage};
use crate::command::{Answer, Command};
use crate::input::{Back, Reply};
use crate::settings::table;
use crate::view::{ClientFailure, Failure, Route};

/// The answer to a command that is done at once.
type Done = Result<Answer, Failure>;
const DONE: Done = Ok(Answer::Done {});

impl Core {
    pub(super) async fn command(&mut self, command: Box<Command>, reply: Reply) {
        if matches!(self.stage, Stage::Starting { .. }) {
            self.early.push((command, reply));
            return;
        }
        match *command {
            Command::SetServer { url } => self.set_server(&url, reply),
            Command::StartSignIn { email } => self.start_sign_in(&email, reply),
            Command::SendCodeByEmail {} => self.send_code(None, reply),
            Command::SendCodeBySms { phone } => self.send_code(Some(phone), reply),
            Command::VerifyCode { code } => self.verify_code(&code, reply),
            Command::Conversations { after } => self.conversations(after, reply).await,
            Command::OpenChat { id } => self.open_chat(id, reply).await,
            Command::OlderMessages { id, before_seq } => self.older(id, before_seq, reply).await,
            Command::Devices {} => self.devices(reply).await,
            Command::CheckComputer {} => self.check_computer(reply),
            Command::Articles {} => self.articles(reply).await,
            Command::Sessions {} => self.ask(reply, |server| async move {
                let sessions = server.sessions().await?;
                Ok(Answer::Sessions(crate::view::SessionsView { sessions }))
            }),
            Command::EndSession { id } => self.ask(reply, move |server| async move {
                server.end_session(id).await.map(|()| Answer::Done {})
            }),
            other => {
                let done = self.at_once(other).await;
                let _ = reply.send(done);
            }
        }
    }

    /// Commands that nobody else has to be asked for.
    async fn at_once(&mut self, command: Command) -> Done {
        match command {
            Command::App {} => {
                self.window.open = true;
                return Ok(Answer::App(Box::new(self.app_view())));
            }
            Command::CancelSignIn {} => self.cancel_sign_in(),
            Command::SignOut {} if self.settings.switch(&table::KIOSK) => {
                return Err(ClientFailure::Managed.into());
            }
            Command::SignOut {} => self.sign_out().await,
            Command::CloseChat { id } => self.close_chat(id),
            Command::SendMessage {
                conversation_id,
                body,
            } => {
                self.enqueue(Sending::Message(conversation_id), body)
                    .await?;
            }
            Command::StartConversation {
                description,
                device_id,
            } => {
                let id = self
                    .enqueue(Sending::Request(device_id), description)
                    .await?;
                return Ok(Answer::Started { id });
            }
            Command::Retry { id } => self.retry(id).await?,
            Command::Discard { id } => self.discard(id).await?,
            Command::MarkRead { id } => self.mark_read(id).await?,
            Command::SaveDraft {
                conversation_id,
                text,
            } => {
                let session = self.session()?;
                let saved = session.unsent.save_draft(conversation_id, &text).await;
                saved.map_err(|_| Failure::from(ClientFailure::CannotStore))?;
            }
            Command::Typing { conversation_id } => {
                if self.settings.switch(&table::TYPING) {
                    self.link.send(ClientFrame::Typing { conversation_id });
                }
            }
            Command::ChangeSetting { change } => self.change_setting(change)?,
            Command::OpenLink { url, confirmed } => {
                return Ok(Answer::Link(self.open_link(&url, confirmed)));
            }
            Command::Enlarge { enlarged } => self.enlarge(enlarged),
            Command::Focus { focused } => self.window.focused = focused,
            Command::Went { route } => self.went(route),
            Command::ConnectNow {} => self.look_for_the_server().await,
            // The others are answered above, when the server or the store has been asked.
            _ => return Err(ClientFailure::NotNow.into()),
        }
        DONE
    }

    /// The session, for a command that needs one.
    pub(super) fn session(&mut self) -> Result<&mut super::Session, Failure> {
        match &mut self.stage {
            Stage::In(session) => Ok(session),
            _ => Err(ClientFailure::NotNow.into()),
        }
    }

    /// Asks the server for something that is not kept.
    fn ask<F, A>(&self, reply: Reply, question: F)
    where
        F: FnOnce(crate::api::Authorized) -> A,
        A: Future<Output = Result<Answer, crate::api::ApiError>> + Send + 'static,
    {
        match self.authorized() {
            Some(server) => {
                let answer = question(server);
                self.call(async move { Back::Answered(reply, answer.await) });
            }
            None => drop(reply.send(Err(self.why_unheard()))),
        }
    }

    /// What to say when the server would have to be asked and is not heard.
    pub(super) fn why_unheard(&self) -> Failure {
        match (&self.stage, self.link.offline_reason()) {
            (Stage::In(_), Some(reason)) => crate::api::ApiError::Unheard(reason).failure(),
            (Stage::In(_), None) => ClientFailure::Unreachable.into(),
            _ => ClientFailure::NotNow.into(),
        }
    }

    /// A chat that is closed after the next was opened leaves that one alone.
    fn close_chat(&mut self, id: Option<ConversationId>) {
        if id.is_none() || id == self.window.looking_at {
            self.window.looking_at = None;
        }
    }

    fn went(&mut self, route: Route) {
        if !matches!(route, Route::Conversation { .. }) {
            self.window.looking_at = None;
        }
        self.window.route = route;
    }
}
