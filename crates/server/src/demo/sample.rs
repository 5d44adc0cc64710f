//! The demo's organizations, people, devices and articles.

use deskbell_protocol::DeviceKind;

/// An organization of the demo.
pub struct SampleOrganization {
    pub name: &'static str,
    pub accent_colour: &'static str,
    pub logo_svg: &'static str,
    pub phone: &'static str,
    pub time_zone: &'static str,
    /// Opening and closing on each weekday it is open, from Monday.
    pub hours: &'static [(u8, &'static str, &'static str)],
    pub people: &'static [SamplePerson],
    pub articles: &'static [(&'static str, &'static str)],
}

/// A requester of the demo.
pub struct SamplePerson {
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub devices: &'static [(&'static str, DeviceKind, &'static str, &'static str)],
}

/// The organizations.
pub const ORGANIZATIONS: &[SampleOrganization] = &[
    SampleOrganization {
        name: "Harbour & Finch",
        accent_colour: "#0f6e84",
        logo_svg: "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><rect width='64' height='64' rx='14' fill='#0f6e84'/><path d='M14 40q9-7 18 0t18 0' fill='none' stroke='#fff' stroke-width='5' stroke-linecap='round'/><path d='M22 30c8 0 9-12 20-12-2 9-8 14-18 14z' fill='#fff'/></svg>",
        phone: "+49 30 5550100",
        time_zone: "Europe/Berlin",
        hours: &[
            (1, "08:00", "18:00"),
            (2, "08:00", "18:00"),
            (3, "08:00", "18:00"),
            (4, "08:00", "18:00"),
            (5, "08:00", "16:00"),
        ],
        people: &[
            SamplePerson {
                name: "Ana Silva",
                email: "ana.silva@harbourfinch.example",
                phone: "+4915112345601",
                devices: &[
                    (
                        "HF-LT-0412",
                        DeviceKind::Laptop,
                        "Lenovo ThinkPad T14",
                        "PF3XK412",
                    ),
                    (
                        "Front desk printer",
                        DeviceKind::Printer,
                        "HP LaserJet M507",
                        "PHBB901Q",
                    ),
                    ("Ana’s phone", DeviceKind::Phone, "Fairphone 5", "FP5A0412"),
                ],
            },
            SamplePerson {
                name: "Ben Okafor",
                email: "ben.okafor@harbourfinch.example",
                phone: "+4915112345602",
                devices: &[
                    (
                        "HF-PC-0077",
                        DeviceKind::Desktop,
                        "Dell OptiPlex 7010",
                        "7XQ0R33",
                    ),
                    (
                        "HF-TAB-0009",
                        DeviceKind::Tablet,
                        "Microsoft Surface Go 4",
                        "0F00B9H",
                    ),
                ],
            },
        ],
        articles: &[(
            "Set up the scanner at the front desk",
            "https://help.harbourfinch.example/scanner",
        )],
    },
    SampleOrganization {
        name: "Blue Kite Logistics",
        accent_colour: "#1f5fbf",
        logo_svg: "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><rect width='64' height='64' rx='14' fill='#1f5fbf'/><path d='M34 8l16 20-18 20-14-22z' fill='#fff'/><path d='M32 48q-8 2-8 8' fill='none' stroke='#fff' stroke-width='4' stroke-linecap='round'/></svg>",
        phone: "+351 21 5550142",
        time_zone: "Europe/Lisbon",
        hours: &[
            (1, "06:00", "22:00"),
            (2, "06:00", "22:00"),
            (3, "06:00", "22:00"),
            (4, "06:00", "22:00"),
            (5, "06:00", "22:00"),
            (6, "08:00", "14:00"),
        ],
        people: &[
            SamplePerson {
                name: "Carla Jensen",
                email: "carla.jensen@bluekite.example",
                phone: "+351912345603",
                devices: &[
                    (
                        "BK-LT-1190",
                        DeviceKind::Laptop,
                        "HP EliteBook 840",
                        "5CG31190",
                    ),
                    (
                        "Label printer dock 3",
                        DeviceKind::Printer,
                        "Zebra ZD421",
                        "D6J2144",
                    ),
                ],
            },
            SamplePerson {
                name: "Dev Patel",
                email: "dev.patel@bluekite.example",
                phone: "+351912345604",
                devices: &[
                    (
                        "BK-PC-0301",
                        DeviceKind::Desktop,
                        "Lenovo ThinkCentre M70q",
                        "PC1KD301",
                    ),
                    (
                        "Dock scanner 7",
                        DeviceKind::Other,
                        "Zebra TC52",
                        "TC52-0007",
                    ),
                    (
                        "Dev’s phone",
                        DeviceKind::Phone,
                        "Samsung Galaxy A54",
                        "R5CW0301",
                    ),
                ],
            },
        ],
        articles: &[(
            "Pair a dock scanner again",
            "https://help.bluekite.example/scanner-pairing",
        )],
    },
];

/// The technicians: name, address, whether they may administer.
pub const TECHNICIANS: &[(&str, &str, bool)] = &[
    ("Tess Berg", "tess.berg@deskbell.example", false),
    ("Omar Haddad", "omar.haddad@deskbell.example", true),
];

/// Articles for everybody.
pub const ARTICLES: &[(&str, &str)] = &[
    (
        "Join the office Wi-Fi",
        "https://help.deskbell.example/wifi",
    ),
    (
        "Print from Windows 11",
        "https://help.deskbell.example/printing",
    ),
    (
        "Reset a forgotten password",
        "https://help.deskbell.example/password",
    ),
    (
        "Connect to the VPN from home",
        "https://help.deskbell.example/vpn",
    ),
];
