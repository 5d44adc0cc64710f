//! What Windows tells a window about the session, read.

use super::Signal;

const WM_CLOSE: u32 = 0x0010;
const WM_ENDSESSION: u32 = 0x0016;
const WM_POWERBROADCAST: u32 = 0x0218;
const WM_WTSSESSION_CHANGE: u32 = 0x02b1;

const PBT_APMRESUMEAUTOMATIC: usize = 0x12;

const WTS_CONSOLE_DISCONNECT: usize = 0x2;
const WTS_REMOTE_DISCONNECT: usize = 0x4;
const WTS_SESSION_LOCK: usize = 0x7;
const WTS_SESSION_UNLOCK: usize = 0x8;

/// The signal that a message is; `taskbar` is the number of the one that tells of a new taskbar.
///
/// A session that nobody is connected to any more is locked, and whoever comes back unlocks it.
pub fn read(message: u32, word: usize, taskbar: u32) -> Option<Signal> {
    match (message, word) {
        (WM_CLOSE, _) => Some(Signal::Ending),
        // Windows asks first, and everybody agrees; what counts is how it ended.
        (WM_ENDSESSION, 1..) => Some(Signal::Ending),
        (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC) => Some(Signal::Woke),
        (
            WM_WTSSESSION_CHANGE,
            WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT,
        ) => Some(Signal::Locked),
        (WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK) => Some(Signal::Unlocked),
        (message, _) if message == taskbar && taskbar != 0 => Some(Signal::NewTaskbar),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Signal;
    use super::read;

    const TASKBAR: u32 = 0xc0de;

    #[test]
    fn waking_up_locking_and_unlocking_are_told() {
        assert_eq!(read(0x218, 0x12, TASKBAR), Some(Signal::Woke));
        assert_eq!(read(0x218, 0x4, TASKBAR), None, "it falls asleep");
        assert_eq!(read(0x2b1, 7, TASKBAR), Some(Signal::Locked));
        assert_eq!(read(0x2b1, 8, TASKBAR), Some(Signal::Unlocked));
    }

    #[test]
    fn whoever_leaves_a_remote_session_or_switches_users_looks_at_nothing() {
        assert_eq!(read(0x2b1, 4, TASKBAR), Some(Signal::Locked));
        assert_eq!(read(0x2b1, 2, TASKBAR), Some(Signal::Locked));
        assert_eq!(read(0x2b1, 3, TASKBAR), None, "it is locked until unlocked");
    }

    #[test]
    fn the_client_ends_with_the_session_and_not_when_somebody_stops_that() {
        assert_eq!(read(0x11, 0, TASKBAR), None, "it is only asked");
        assert_eq!(read(0x16, 0, TASKBAR), None, "another program has refused");
        assert_eq!(read(0x16, 1, TASKBAR), Some(Signal::Ending));
        assert_eq!(read(0x10, 0, TASKBAR), Some(Signal::Ending));
    }

    #[test]
    fn a_new_taskbar_is_told() {
        assert_eq!(read(TASKBAR, 0, TASKBAR), Some(Signal::NewTaskbar));
        assert_eq!(read(0, 0, 0), None, "the message could not be registered");
    }

    /// CLI-12
    #[test]
    fn what_other_programs_send_is_left_alone() {
        for message in [0x4a, 0x400, 0x8000, u32::MAX] {
            for word in [0, 1542, 1543, usize::MAX] {
                assert_eq!(read(message, word, TASKBAR), None, "{message:x} {word}");
            }
        }
    }
}
