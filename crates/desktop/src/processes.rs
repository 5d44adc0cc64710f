//! Processes that this one has started.

/// Asks the children with this name to end. On Linux a name has at most 15 letters; elsewhere
/// nothing happens.
pub fn end_children(name: &str) {
    #[cfg(target_os = "linux")]
    for child in linux::children(name) {
        if let Err(error) = rustix::process::kill_process(child, rustix::process::Signal::TERM) {
            tracing::debug!(%error, "a child had ended");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = name;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{read_dir, read_to_string};

    use rustix::process::Pid;

    pub(super) fn children(name: &str) -> Vec<Pid> {
        let own = std::process::id();
        let entries = read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(|pid| is_child(*pid, own, name))
            .filter_map(Pid::from_raw)
            .collect()
    }

    fn is_child(pid: i32, parent: u32, name: &str) -> bool {
        read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| parent_and_name(&stat) == Some((parent, name)))
    }

    /// From `pid (name) state parent …`; the name may hold anything.
    fn parent_and_name(stat: &str) -> Option<(u32, &str)> {
        let (before, after) = stat.rsplit_once(") ")?;
        let (_, name) = before.split_once('(')?;
        Some((after.split(' ').nth(1)?.parse().ok()?, name))
    }

    #[cfg(test)]
    mod tests {
        use super::{children, parent_and_name};

        #[test]
        fn a_name_with_brackets_is_read_whole() {
            assert_eq!(parent_and_name("7 (a) b) S 42 1 1"), Some((42, "a) b")));
        }

        #[test]
        fn only_own_children_of_that_name_are_found() {
            let mut child = std::process::Command::new("sleep")
                .arg("60")
                .spawn()
                .unwrap();
            let found: Vec<u32> = children("sleep")
                .iter()
                .map(|pid| pid.as_raw_pid().cast_unsigned())
                .collect();
            let others = children("slee");
            child.kill().unwrap();
            child.wait().unwrap();
            assert_eq!((found, others.len()), (vec![child.id()], 0));
        }
    }
}
