//! The Debian packages that building and testing need.

use std::{collections::HashSet, fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::command::{asks_a_person, confirmed, printed, succeed};

/// Packages with what they are for.
type Group = (&'static str, &'static [&'static str]);

const BUILD: &[Group] = &[
    ("to compile", &["build-essential", "pkg-config"]),
    (
        "the tray client's window, icon and menu",
        &[
            "libwebkit2gtk-4.1-dev",
            "libayatana-appindicator3-dev",
            "librsvg2-dev",
            "libdbus-1-dev",
            "libxdo-dev",
        ],
    ),
];

const SHOW: &[Group] = &[
    (
        "a desktop to run in: display, bus, window manager, toasts",
        &["xvfb", "dbus", "openbox", "dunst"],
    ),
    ("keeping the session's token", &["gnome-keyring"]),
    (
        "driving the window and the console",
        &[
            "webkit2gtk-driver",
            "chromium",
            "chromium-driver",
            "xdotool",
            "wmctrl",
        ],
    ),
    ("pictures of both", &["imagemagick", "fonts-dejavu-core"]),
];

const TEST: &[Group] = &[
    (
        "mail: sending codes, reading them over IMAP",
        &["postfix", "dovecot-imapd", "dovecot-lmtpd"],
    ),
    ("text messages", &["kannel"]),
    ("the other database", &["postgresql"]),
    (
        "several servers: bus, proxy, clocks that disagree",
        &["nats-server", "haproxy", "faketime"],
    ),
    ("drawing the icons", &["librsvg2-bin"]),
    ("asking the API what it does not expect", &["python3-venv"]),
];

const WINE: &[Group] = &[(
    "Windows: running what is installed",
    &["wine", "wine64", "mingw-w64-tools"],
)];

const DISTRIBUTION: &[Group] = &[
    (
        "Windows: building the client",
        &[
            "rustc-web",
            "cargo-web",
            "rust-web-src",
            "gcc-mingw-w64-x86-64",
            "g++-mingw-w64-x86-64",
        ],
    ),
    (
        "Windows: the installer and its signature",
        &["wixl", "msitools", "osslsigncode", "openssl"],
    ),
    ("the policy templates in one file", &["zip", "unzip"]),
];

const COMPARE: &[Group] = &[
    ("the other database", &["postgresql"]),
    (
        "programs to compare with",
        &["dino-im", "gajim", "mosquitto", "nats-server"],
    ),
];

/// What somebody is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Build and run on a desktop.
    Run,
    /// Build and run without a desktop.
    Headless,
    /// Test everything.
    Test,
    /// Measure, beside others.
    Bench,
    /// Make what people install.
    Distribution,
}

/// Installs what is missing, after saying what and why. Asks, unless `yes` or there is nobody to ask.
pub fn install_missing(wanted: For, yes: bool) -> Result<()> {
    let installed = installed()?;
    let missing: Vec<(&str, Vec<&str>)> = groups(wanted)
        .map(|(why, names)| (*why, lacking(names, &installed)))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("System packages that are missing:");
    for (why, names) in &missing {
        println!("  {} - {why}", names.join(" "));
    }
    let root = printed(Command::new("id").arg("-u"))?.trim() == "0";
    let agreed = yes
        || if asks_a_person() {
            confirmed("Install them?")?
        } else {
            root
        };
    if !agreed {
        bail!("install them, or run this again with --yes");
    }
    let names: Vec<&str> = missing.into_iter().flat_map(|(_, names)| names).collect();
    install(&names, root)
}

fn lacking<'a>(names: &[&'a str], installed: &HashSet<String>) -> Vec<&'a str> {
    names
        .iter()
        .copied()
        .filter(|name| !installed.contains(*name))
        .collect()
}

fn groups(wanted: For) -> impl Iterator<Item = &'static Group> {
    let beside: &[&[Group]] = match wanted {
        For::Run => &[],
        For::Headless => &[SHOW],
        For::Bench => &[SHOW, COMPARE, WINE, DISTRIBUTION],
        For::Test => &[SHOW, TEST, WINE, DISTRIBUTION],
        For::Distribution => &[DISTRIBUTION],
    };
    BUILD.iter().chain(beside.iter().copied().flatten())
}

fn installed() -> Result<HashSet<String>> {
    let listed =
        printed(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Abbrev} ${Package}\n"]))
            .context(
                "asking dpkg; on a system other than Debian install what CONTRIBUTING.md names",
            )?;
    let installed = listed.lines().filter_map(|line| line.strip_prefix("ii  "));
    Ok(installed.map(str::to_owned).collect())
}

fn install(names: &[&str], root: bool) -> Result<()> {
    let _services = KeptStopped::new(root)?;
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            Command::new("env")
        } else {
            Command::new("sudo")
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]);
        command
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        succeed(&mut command).with_context(|| format!("apt-get {}", arguments.join(" ")))
    };
    apt(&["update"])?;
    apt(&[&["install", "--no-install-recommends"], names].concat())
}

/// While packages are installed, Debian asks this file whether to start their services: no, the tests
/// start their own.
struct KeptStopped {
    ours: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl KeptStopped {
    fn new(root: bool) -> Result<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let ours = root && !Path::new(POLICY).exists();
        if ours {
            fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
            fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { ours })
    }
}

impl Drop for KeptStopped {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_file(POLICY);
        }
    }
}
