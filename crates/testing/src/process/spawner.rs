//! The kernel's death signal follows the *thread* that started a process, so one thread that lives
//! as long as this process starts them all.

use std::{
    io,
    process::{Child, Command},
    sync::{LazyLock, mpsc},
    thread,
};

type Order = (Command, mpsc::Sender<io::Result<Child>>);

static SPAWNER: LazyLock<io::Result<mpsc::Sender<Order>>> = LazyLock::new(|| {
    let (orders, inbox) = mpsc::channel::<Order>();
    thread::Builder::new()
        .name("spawner".to_owned())
        .spawn(move || {
            for (mut command, answer) in inbox {
                let _ = answer.send(command.spawn());
            }
        })?;
    Ok(orders)
});

/// Starts it on the lasting thread.
pub fn spawn(command: Command) -> io::Result<Child> {
    let orders = SPAWNER
        .as_ref()
        .map_err(|cause| io::Error::new(cause.kind(), cause.to_string()))?;
    let (answer, child) = mpsc::channel();
    orders
        .send((command, answer))
        .map_err(|_| io::Error::other("the spawner has ended"))?;
    child.recv().map_err(io::Error::other)?
}
