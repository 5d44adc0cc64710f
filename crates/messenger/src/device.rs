//! Which of an account's devices this machine is.

use deskbell_protocol::{Device, DeviceId};

use crate::setup::MachineIdentity;

/// Serial numbers that makers leave in place of a real one.
const PLACEHOLDERS: [&str; 10] = [
    "",
    "0",
    "none",
    "n/a",
    "unknown",
    "default string",
    "system serial number",
    "to be filled by o.e.m.",
    "not specified",
    "not applicable",
];

/// The device that is this machine: by serial number, else by a host name only one of them has.
#[must_use]
pub fn recognise(machine: &MachineIdentity, devices: &[Device]) -> Option<DeviceId> {
    by_serial(machine, devices).or_else(|| by_name(machine, devices))
}

fn by_serial(machine: &MachineIdentity, devices: &[Device]) -> Option<DeviceId> {
    let serial = real_serial(machine.serial.as_deref())?;
    only(
        devices
            .iter()
            .filter(|d| real_serial(d.serial.as_deref()).as_ref() == Some(&serial)),
    )
}

/// A device whose own serial number is another's is another machine, whatever its name.
fn by_name(machine: &MachineIdentity, devices: &[Device]) -> Option<DeviceId> {
    let name = host(&machine.host_name)?;
    let serial = real_serial(machine.serial.as_deref());
    only(devices.iter().filter(|d| {
        let other = real_serial(d.serial.as_deref());
        let contradicts = serial.is_some() && other.is_some() && serial != other;
        host(&d.name).as_ref() == Some(&name) && !contradicts
    }))
}

fn only<'a>(mut found: impl Iterator<Item = &'a Device>) -> Option<DeviceId> {
    let first = found.next()?;
    found.next().is_none().then_some(first.id)
}

fn real_serial(serial: Option<&str>) -> Option<String> {
    let serial = serial?.trim().to_ascii_lowercase();
    (!PLACEHOLDERS.contains(&serial.as_str())).then_some(serial)
}

/// The first label, so that `pc-7` is `PC-7.office.example`.
fn host(name: &str) -> Option<String> {
    let label = name.trim().split('.').next()?.to_lowercase();
    (!label.is_empty() && label != "localhost").then_some(label)
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::DeviceKind;
    use uuid::Uuid;

    use super::*;

    fn device(n: u128, name: &str, serial: Option<&str>) -> Device {
        Device {
            id: DeviceId(Uuid::from_u128(n)),
            name: name.into(),
            kind: DeviceKind::Laptop,
            model: None,
            serial: serial.map(Into::into),
        }
    }

    fn machine(host_name: &str, serial: Option<&str>) -> MachineIdentity {
        MachineIdentity {
            host_name: host_name.into(),
            serial: serial.map(Into::into),
        }
    }

    #[test]
    fn the_serial_number_beats_the_name() {
        let devices = [
            device(1, "pc-7", Some("AAA")),
            device(2, "old", Some("BBB")),
        ];
        assert_eq!(
            recognise(&machine("pc-7", Some(" bbb ")), &devices),
            Some(devices[1].id)
        );
    }

    #[test]
    fn a_name_counts_when_it_is_the_only_one() {
        let devices = [device(1, "PC-7", None), device(2, "pc-8", None)];
        assert_eq!(
            recognise(&machine("pc-7.office.example", None), &devices),
            Some(devices[0].id)
        );
        let twins = [device(1, "pc-7", None), device(2, "pc-7", None)];
        assert_eq!(recognise(&machine("pc-7", None), &twins), None);
    }

    #[test]
    fn a_placeholder_is_no_serial_number_and_a_foreign_one_rules_the_name_out() {
        let devices = [device(1, "x", Some("To be filled by O.E.M."))];
        assert_eq!(
            recognise(&machine("y", Some("To Be Filled By O.E.M.")), &devices),
            None
        );
        let replaced = [device(1, "pc-7", Some("AAA"))];
        assert_eq!(recognise(&machine("pc-7", Some("BBB")), &replaced), None);
    }
}
