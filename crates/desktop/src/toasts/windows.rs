//! Through WinRT.

use notify_rust::{Notification, NotificationResponse};
use tokio::sync::mpsc;

use super::{App, OnClick, Order, Toast};

pub(super) async fn serve(app: App, on_click: OnClick, mut orders: mpsc::UnboundedReceiver<Order>) {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Show(toast) => show(&app, toast, on_click.clone()),
            Order::Remove(tag) => tracing::debug!(tag, "a toast stays until it goes by itself"),
        }
    }
}

fn show(app: &App, toast: Toast, on_click: OnClick) {
    let mut notification = Notification::new();
    notification
        .app_id(&app.id)
        .summary(&toast.title)
        .body(&toast.body);
    if toast.sound {
        notification.sound_name("IM");
    }
    tokio::task::spawn_blocking(move || match notification.show() {
        Ok(handle) => {
            let follow = move |response: &NotificationResponse| {
                if *response == NotificationResponse::Default {
                    on_click(&toast.tag);
                }
            };
            if let Err(error) = handle.wait_for_response(follow) {
                tracing::warn!(%error, "a toast was lost");
            }
        }
        Err(error) => tracing::warn!(%error, "a toast could not be shown"),
    });
}
