//! A network that comes changes many times in a moment: one signal will do.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use super::Signal;

/// How long changes of the network are gathered.
const GATHERED: Duration = Duration::from_millis(500);

/// Tells of every signal, and of changes of the network once they have been gathered. It ends
/// when there is nobody left to send any.
pub async fn pass_on(mut heard: UnboundedReceiver<Signal>, tell: impl Fn(Signal)) {
    let mut changed: Option<Instant> = None;
    loop {
        let due = async {
            match changed {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            signal = heard.recv() => match signal {
                Some(Signal::NetworkChanged) => {
                    changed.get_or_insert_with(|| Instant::now() + GATHERED);
                }
                Some(signal) => tell(signal),
                None => return,
            },
            () = due => {
                changed = None;
                tell(Signal::NetworkChanged);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tokio::sync::mpsc;

    use super::super::Signal;
    use super::pass_on;

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_network_changes_is_one_and_the_next_is_another() {
        let told = Mutex::new(Vec::new());
        let (sender, heard) = mpsc::unbounded_channel();
        let play = async {
            for _ in 0..20 {
                sender.send(Signal::NetworkChanged).unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            sender.send(Signal::Unlocked).unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
            sender.send(Signal::NetworkChanged).unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        };
        tokio::select! {
            () = pass_on(heard, |signal| told.lock().unwrap().push(signal)) => {}
            () = play => {}
        }
        let expected = [
            Signal::Unlocked,
            Signal::NetworkChanged,
            Signal::NetworkChanged,
        ];
        assert_eq!(told.into_inner().unwrap(), expected);
    }
}
