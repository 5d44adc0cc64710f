//! Which machine this is, as its firmware and its network name say.

#[cfg(target_os = "linux")]
#[path = "machine/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "machine/windows.rs"]
mod system;

/// What can be known of a machine without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its network name, without a domain; empty when it has none.
    pub host_name: String,
    /// The serial number in its firmware, when it may be read and is one.
    pub serial: Option<String>,
}

/// The machine this runs on.
#[must_use]
pub fn identify() -> Machine {
    Machine {
        host_name: short(&system::host_name()),
        serial: system::serial().and_then(|text| genuine(&text)),
    }
}

fn short(host_name: &str) -> String {
    host_name
        .trim()
        .split('.')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Leaves out what makers write who did not set a serial number.
fn genuine(serial: &str) -> Option<String> {
    const FILLERS: [&str; 7] = [
        "to be filled",
        "default string",
        "system serial",
        "not specified",
        "not applicable",
        "none",
        "n/a",
    ];
    let serial = serial.trim();
    let lower = serial.to_lowercase();
    let filler = FILLERS.iter().any(|filler| lower.starts_with(filler));
    let blank = serial
        .chars()
        .all(|character| matches!(character, '0' | '-' | '.' | ' ' | 'x'));
    (!filler && !blank).then(|| serial.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{genuine, short};

    #[test]
    fn a_serial_number_nobody_set_is_none() {
        for filler in [
            "",
            "0",
            "None",
            "To Be Filled By O.E.M.",
            "Default string",
            "00000-000",
        ] {
            assert_eq!(
                genuine(filler),
                None,
                "{filler:?} was taken for a serial number"
            );
        }
        assert_eq!(genuine(" 5CG1234XYZ\n"), Some("5CG1234XYZ".to_owned()));
    }

    #[test]
    fn the_domain_is_not_part_of_the_name() {
        assert_eq!(short("pc-17.corp.example\n"), "pc-17");
    }
}
