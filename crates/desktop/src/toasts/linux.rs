//! Over the desktop's notification service.
//!
//! Each toast on the screen is kept by a task of its own, because the service answers to the bus
//! connection a toast came from. The task ends with its toast; there are never more than
//! [`KEPT`] of them.

use std::collections::VecDeque;

use notify_rust::{
    CloseReason, Hint, Notification, NotificationHandle, NotificationResponse, Urgency,
};
use tokio::sync::{OnceCell, mpsc};

use super::{Actions, App, OnClick, Order, Toast};

/// Toasts whose click still leads somewhere; the oldest is given up for the next.
const KEPT: usize = 24;

/// A toast on the screen: its tag, and the way to the task that keeps it.
struct Kept {
    tag: String,
    orders: mpsc::UnboundedSender<Order>,
}

pub(super) async fn serve(app: App, actions: Actions, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut kept: VecDeque<Kept> = VecDeque::new();
    let markup = std::sync::Arc::new(OnceCell::new());
    while let Some(order) = orders.recv().await {
        kept.retain(|toast| !toast.orders.is_closed());
        let tag = match &order {
            Order::Show(toast) => &toast.tag,
            Order::Remove(tag) => tag,
        };
        let shown = kept.iter().find(|toast| toast.tag == *tag);
        let unsent = match shown {
            Some(shown) => shown.orders.send(order).err().map(|refused| refused.0),
            None => Some(order),
        };
        if let Some(Order::Show(toast)) = unsent {
            let tag = toast.tag.clone();
            let (sender, receiver) = mpsc::unbounded_channel();
            let keeper = Keeper {
                app: app.clone(),
                on_click: actions.on_click.clone(),
                markup: markup.clone(),
            };
            tokio::spawn(keeper.keep(toast, receiver));
            kept.push_back(Kept {
                tag,
                orders: sender,
            });
        }
        if kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

/// Keeps one toast.
struct Keeper {
    app: App,
    on_click: OnClick,
    markup: std::sync::Arc<OnceCell<bool>>,
}

impl Keeper {
    async fn keep(self, toast: Toast, mut orders: mpsc::UnboundedReceiver<Order>) {
        let markup = *self.markup.get_or_init(understands_markup).await;
        let Some(mut handle) = show(&notification(&self.app, &toast, markup)).await else {
            return;
        };
        loop {
            tokio::select! {
                response = response(&handle) => match next_step(response.as_ref()) {
                    Step::Wait => {}
                    Step::Follow => {
                        (self.on_click)(&toast.tag);
                        return handle.close_async().await;
                    }
                    Step::End => return,
                },
                order = orders.recv() => match order {
                    Some(Order::Show(toast)) => {
                        let next = notification(&self.app, &toast, markup);
                        let Some(shown) = replace(handle, next).await else { return };
                        handle = shown;
                    }
                    Some(Order::Remove(_)) => return handle.close_async().await,
                    None => return,
                },
            }
        }
    }
}

/// What comes after the user, or the service, has done something with a toast.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// It has left the screen, not the desktop's list: a click may still come.
    Wait,
    /// It was clicked.
    Follow,
    /// It is gone.
    End,
}

fn next_step(response: Option<&NotificationResponse>) -> Step {
    match response {
        Some(NotificationResponse::Default) => Step::Follow,
        Some(NotificationResponse::Closed(CloseReason::Expired)) => Step::Wait,
        _ => Step::End,
    }
}

/// The next thing that happens to the toast; nothing when the bus is gone.
async fn response(handle: &NotificationHandle) -> Option<NotificationResponse> {
    let mut response = None;
    handle
        .wait_for_action_async(|given: &NotificationResponse| response = Some(given.clone()))
        .await;
    response
}

async fn show(notification: &Notification) -> Option<NotificationHandle> {
    let shown = notification.show_async().await;
    shown
        .inspect_err(|error| tracing::warn!(%error, "a toast could not be shown"))
        .ok()
}

/// Shows other contents in the same toast, or in a new one when the service does not know the old
/// one any more. The call blocks, so it has a thread for as long as it takes.
async fn replace(mut handle: NotificationHandle, by: Notification) -> Option<NotificationHandle> {
    let anew = by.clone();
    *handle = by;
    let replaced = tokio::task::spawn_blocking(move || handle.update().map(|()| handle)).await;
    match replaced {
        Ok(Ok(handle)) => Some(handle),
        _ => show(&anew).await,
    }
}

/// Whether the service reads markup in a toast's body. One that does not answer might.
async fn understands_markup() -> bool {
    let capabilities = tokio::task::spawn_blocking(notify_rust::get_capabilities).await;
    match capabilities {
        Ok(Ok(capabilities)) => capabilities.iter().any(|known| known == "body-markup"),
        _ => true,
    }
}

fn notification(app: &App, toast: &Toast, markup: bool) -> Notification {
    let sound = if toast.sound {
        Hint::SoundName("message-new-instant".to_owned())
    } else {
        Hint::SuppressSound(true)
    };
    let body = if markup {
        escaped(&toast.body)
    } else {
        toast.body.clone()
    };
    Notification::new()
        .appname(&app.name)
        .icon(&app.icon.to_string_lossy())
        .summary(&toast.title)
        .body(&body)
        .action("default", &app.name)
        .urgency(Urgency::Normal)
        .hint(Hint::Category("im.received".to_owned()))
        .hint(Hint::DesktopEntry(app.id.clone()))
        .hint(sound)
        .finalize()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use notify_rust::{CloseReason, NotificationResponse};

    use super::{App, Step, Toast, next_step, notification};

    fn app() -> App {
        App {
            name: "Deskbell".to_owned(),
            id: "deskbell".to_owned(),
            icon: "/icon.png".into(),
        }
    }

    fn toast(body: &str) -> Toast {
        Toast {
            tag: "a".into(),
            title: "Tess <b>".into(),
            body: body.into(),
            sound: true,
            address: None,
            reply: None,
        }
    }

    /// CLI-14
    #[test]
    fn what_a_stranger_wrote_is_shown_and_never_read_as_markup() {
        let hostile = "<a href='https://evil.example'>Click</a> & <img src=x>";
        let shown = notification(&app(), &toast(hostile), true);
        assert_eq!(
            shown.body,
            "&lt;a href='https://evil.example'&gt;Click&lt;/a&gt; &amp; &lt;img src=x&gt;"
        );
        assert_eq!(notification(&app(), &toast(hostile), false).body, hostile);
        assert_eq!(shown.appname, "Deskbell");
    }

    #[test]
    fn a_toast_that_expired_can_still_be_clicked_in_the_desktops_list() {
        let expired = NotificationResponse::Closed(CloseReason::Expired);
        assert_eq!(next_step(Some(&expired)), Step::Wait);
        assert_eq!(
            next_step(Some(&NotificationResponse::Default)),
            Step::Follow
        );
        let dismissed = NotificationResponse::Closed(CloseReason::Dismissed);
        assert_eq!(next_step(Some(&dismissed)), Step::End);
        assert_eq!(next_step(None), Step::End);
    }
}
