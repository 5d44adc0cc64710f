//! The check of this computer, from the window.

use super::{Core, Stage};
use crate::check::{self, server::Question};
use crate::command::Answer;
use crate::input::{Back, Reply};
use crate::settings::table;

impl Core {
    pub(super) fn check_computer(&self, reply: Reply) {
        let session = match &self.stage {
            Stage::In(session) => Some(session.kept.clone()),
            _ => None,
        };
        let question = Question {
            address: self.settings.text(&table::SERVER_URL),
            proxy: self.settings.proxy(),
            version: self.setup.version.clone(),
            session,
        };
        let faults = self.settings.managed.faults.clone();
        let (shell, clock) = (self.ports.shell.clone(), self.ports.clock.clone());
        let locale = self.texts.locale();
        self.call(async move {
            let desktop = shell.desktop_facts();
            let checked = check::run(&question, faults, desktop, &*clock, locale).await;
            Back::Answered(reply, Ok(Answer::Check(Box::new(checked))))
        });
    }
}
