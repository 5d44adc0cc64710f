use super::*;

fn faults(text: &str) -> Vec<String> {
    let faults = read(text.as_bytes())
        .map(|_| ())
        .expect_err("this file should be refused");
    faults
        .into_iter()
        .map(|fault| format!("{}: {}", fault.line, fault.reason))
        .collect()
}

#[test]
fn people_are_read_in_any_order_of_columns() {
    let text = "\u{feff}Email;Name;Organization;Phone\r\nAna@H.example;Ana Silva;Harbour & Finch;0049 151 12345601\r\n";
    let Ok(Sheet::People(people)) = read(text.as_bytes()) else {
        panic!("not read as people")
    };
    assert_eq!(people[0].email, "ana@h.example");
    assert_eq!(people[0].phone.as_deref(), Some("+4915112345601"));
    assert!(people[0].active);
}

#[test]
fn devices_are_told_by_their_columns() {
    let text = "email,name,kind,serial\nana@h.example,HF-1,Laptop,\n\nana@h.example,\"Printer, hall\",printer,X1\n";
    let Ok(Sheet::Devices(devices)) = read(text.as_bytes()) else {
        panic!("not read as devices")
    };
    assert_eq!(devices[1].name, "Printer, hall");
    assert_eq!(
        (devices[0].serial.as_deref(), devices[1].serial.as_deref()),
        (None, Some("X1"))
    );
}

#[test]
fn every_bad_line_is_named_with_its_reason() {
    let text = "organization,name,email,phone,active\n\
                H,Ana,ana@h.example,,\n\
                H,,ben@h.example,,\n\
                H,Carla,carla,,\n\
                H,Dev,dev@h.example,12345,\n\
                H,Eva,eva@h.example,,maybe\n\
                H,Finn,finn@h.example\n";
    assert_eq!(
        faults(text),
        [
            "3: name is empty",
            "4: “carla” is not one complete e-mail address",
            "5: “12345” is no number with its country, +49 …",
            "6: active must be yes or no, not “maybe”",
            "7: has 3 cells where the first line has 5",
        ]
    );
}

#[test]
fn wrong_columns_are_named() {
    assert_eq!(
        faults(""),
        ["1: the file is empty; its first line names the columns"]
    );
    assert_eq!(
        faults("organization,name,mail\nH,A,a@b.example\n"),
        [
            "1: the column email is missing; people need organization, name, email",
            "1: there is no column “mail” for people",
        ]
    );
}

#[test]
fn one_person_twice_is_refused() {
    let text = "organization,name,email\nH,A,a@b.example\nH,B,A@b.example\n";
    assert_eq!(faults(text), ["3: the same address as in line 2"]);
}
