//! Through WinRT, with a balloon where there is none.
//!
//! A click comes back as an address or through the [`activator`], also when the program had ended
//! in the meantime: the system starts it.

#[path = "windows/activator.rs"]
mod activator;
#[path = "windows/balloon.rs"]
mod balloon;
#[path = "windows/notifier.rs"]
mod notifier;

use tokio::sync::mpsc;

use self::balloon::Balloons;
use self::notifier::Shown;
use super::{Actions, App, Order, Toast};

pub(super) async fn serve(app: App, actions: Actions, orders: mpsc::UnboundedReceiver<Order>) {
    let kept = std::thread::Builder::new()
        .name("toasts".to_owned())
        .spawn(move || keep(&app, &actions, orders));
    if let Err(error) = kept {
        tracing::error!(%error, "there are no toasts");
    }
}

/// The thread's work: everything here calls the system and may wait for it.
fn keep(app: &App, actions: &Actions, mut orders: mpsc::UnboundedReceiver<Order>) {
    if let Err(error) = activator::register(actions) {
        tracing::warn!(%error, "toasts cannot be answered in place");
    }
    let mut balloons = Balloons::new(actions.on_click.clone());
    while let Some(order) = orders.blocking_recv() {
        match order {
            Order::Show(toast) => show(app, &toast, &mut balloons),
            Order::Remove(tag) => {
                balloons.remove(&tag);
                if let Err(error) = notifier::remove(&app.id, &tag) {
                    tracing::debug!(%error, "a toast was not taken away");
                }
            }
        }
    }
}

fn show(app: &App, toast: &Toast, balloons: &mut Balloons) {
    match notifier::show(&app.id, toast) {
        Ok(Shown::Yes) => {}
        Ok(Shown::SwitchedOff) => tracing::info!("the user or a policy does not want toasts"),
        Err(error) => {
            tracing::info!(%error, "there are no toasts: a balloon instead");
            balloons.show(toast);
        }
    }
}
