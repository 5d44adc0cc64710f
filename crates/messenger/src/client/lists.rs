//! The list of conversations, the devices and the help articles: from the cache, then from the server.

use deskbell_protocol::{Article, ConversationItem, Device, DeviceId, Page};

use super::{Core, Stage};
use crate::api::ApiError;
use crate::command::Answer;
use crate::device;
use crate::input::{Back, Reply};
use crate::store::lists::PAGE;
use crate::store::rows::{ConversationRow, ListPlace};
use crate::store::unsent::OutboxItem;
use crate::view::{
    ArticlesView, ClientFailure, ConversationPage, ConversationView, DevicesView, Failure,
};
use crate::views;

const DEVICES: &str = "devices";
const ARTICLES: &str = "articles";

impl Core {
    pub(super) async fn conversations(&mut self, after: Option<String>, reply: Reply) {
        let place = after.as_deref().and_then(ListPlace::from_text);
        let server = self.authorized();
        let Ok(session) = self.session() else {
            return drop(reply.send(Err(ClientFailure::NotNow.into())));
        };
        let rows = session.cache.page(place).await.unwrap_or_default();
        let next = session
            .cache
            .reach()
            .await
            .ok()
            .and_then(|reach| reach.next);
        let short = rows.len() < PAGE;
        match (server, next) {
            (Some(server), Some(next)) if short => self.call(async move {
                let page = server.conversations(Some(&next)).await;
                Back::List(after, reply, page)
            }),
            (None, Some(_)) if rows.is_empty() => drop(reply.send(Err(self.why_unheard()))),
            (_, next) => {
                let more = !short || next.is_some();
                let page = self.conversation_page(place.is_none(), &rows, more).await;
                drop(reply.send(Ok(Answer::Conversations(page))));
            }
        }
    }

    /// The next page has come; the one asked for can be put together.
    pub(super) async fn list_came(
        &mut self,
        after: Option<String>,
        reply: Reply,
        page: Result<Page<ConversationItem>, ApiError>,
    ) {
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let _ = reply.send(Err(error.failure()));
                self.check_session(&error).await;
                return;
            }
        };
        let place = after.as_deref().and_then(ListPlace::from_text);
        let Ok(session) = self.session() else { return };
        let me = session.account();
        if let Err(error) = session.cache.extend(me, &page).await {
            let _ = reply.send(Err(ClientFailure::CannotStore.into()));
            return self.store_failed(error).await;
        }
        let rows = session.cache.page(place).await.unwrap_or_default();
        let more = rows.len() >= PAGE || page.next.is_some();
        let page = self.conversation_page(place.is_none(), &rows, more).await;
        self.shown.unread_changed = true;
        let _ = reply.send(Ok(Answer::Conversations(page)));
    }

    async fn conversation_page(
        &mut self,
        first: bool,
        rows: &[ConversationRow],
        more: bool,
    ) -> ConversationPage {
        let mut items = if first {
            self.pending_requests(rows).await
        } else {
            vec![]
        };
        let outbox = self.outbox();
        items.extend(rows.iter().map(|row| views::conversation(row, outbox)));
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| row.place().to_text());
        ConversationPage { items, next }
    }

    /// Requests the server does not have yet, newest first.
    async fn pending_requests(&mut self, rows: &[ConversationRow]) -> Vec<ConversationView> {
        let known = |item: &OutboxItem| {
            rows.iter()
                .any(|r| r.conversation.id == item.conversation_id)
        };
        let requests: Vec<OutboxItem> = self
            .outbox()
            .iter()
            .rev()
            .filter(|item| item.request && !known(item))
            .cloned()
            .collect();
        let mut views = vec![];
        for item in requests {
            let name = self.device_name(item.device_id).await;
            views.push(views::request(&item, name));
        }
        views
    }

    pub(super) fn outbox(&self) -> &[OutboxItem] {
        match &self.stage {
            Stage::In(session) => &session.outbox,
            _ => &[],
        }
    }

    pub(super) async fn device_name(&mut self, id: Option<DeviceId>) -> Option<String> {
        let id = id?;
        let devices: Vec<Device> = self.session().ok()?.cache.document(DEVICES).await.ok()??;
        devices
            .into_iter()
            .find(|device| device.id == id)
            .map(|device| device.name)
    }

    pub(super) async fn devices(&mut self, reply: Reply) {
        if let Some(server) = self.authorized() {
            return self.call(async move { Back::Devices(reply, server.devices().await) });
        }
        let answer = self.kept_devices().await;
        let _ = reply.send(answer);
    }

    pub(super) async fn devices_came(
        &mut self,
        reply: Reply,
        devices: Result<Vec<Device>, ApiError>,
    ) {
        match devices {
            Ok(devices) => self.keep(DEVICES, &devices).await,
            Err(error) => {
                if self.check_session(&error).await {
                    return;
                }
            }
        }
        let answer = self.kept_devices().await;
        let _ = reply.send(answer);
    }

    async fn kept_devices(&mut self) -> Result<Answer, Failure> {
        let unheard = self.why_unheard();
        let machine = self.setup.machine.clone();
        let session = self.session()?;
        let devices: Option<Vec<Device>> = session.cache.document(DEVICES).await.ok().flatten();
        let devices = devices.ok_or(unheard)?;
        let draft = session.unsent.draft(None).await.unwrap_or_default();
        let this_device = device::recognise(&machine, &devices);
        Ok(Answer::Devices(DevicesView {
            devices,
            this_device,
            draft,
        }))
    }

    pub(super) async fn articles(&mut self, reply: Reply) {
        if let Some(server) = self.authorized() {
            return self.call(async move { Back::Articles(reply, server.articles().await) });
        }
        let answer = self.kept_articles().await;
        let _ = reply.send(answer);
    }

    pub(super) async fn articles_came(
        &mut self,
        reply: Reply,
        articles: Result<Vec<Article>, ApiError>,
    ) {
        match articles {
            Ok(articles) => self.keep(ARTICLES, &articles).await,
            Err(error) => {
                if self.check_session(&error).await {
                    return;
                }
            }
        }
        let answer = self.kept_articles().await;
        let _ = reply.send(answer);
    }

    async fn kept_articles(&mut self) -> Result<Answer, Failure> {
        let session = self.session()?;
        let articles = session
            .cache
            .document(ARTICLES)
            .await
            .ok()
            .flatten()
            .unwrap_or_default();
        Ok(Answer::Articles(ArticlesView { articles }))
    }

    pub(super) async fn keep<T: serde::Serialize + Sync>(
        &mut self,
        name: &'static str,
        document: &T,
    ) {
        if let Ok(session) = self.session()
            && let Err(error) = session.cache.save_document(name, document).await
        {
            tracing::warn!(%error, name, "a document is not kept");
        }
    }
}
