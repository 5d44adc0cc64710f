//! Every setting there is. Policies, the installer's properties, their templates and documentation
//! are made from this table or compared with it.

use super::Value;
use crate::proxy::Proxy;

/// One setting.
#[derive(Debug)]
pub struct Definition {
    /// In `settings.toml`, in Linux's policy files and in what is printed.
    pub name: &'static str,
    /// What values it can have.
    pub kind: Kind,
    /// The value when nobody chooses.
    pub default: Default,
    /// The user may choose it too; otherwise administrators alone.
    pub by_user: bool,
    /// Whether the installer can give it.
    pub installed: Installed,
    /// A few words, in English and in German.
    pub title: [&'static str; 2],
    /// What it does, in sentences, in English and in German.
    pub explanation: [&'static str; 2],
}

/// What values a setting can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On or off.
    Switch,
    /// Words, at most so many bytes.
    Text(usize),
    /// `system`, `none` or a proxy's address.
    Proxy,
    /// One of these, each with its name in English and in German.
    Choice(&'static [(&'static str, [&'static str; 2])]),
    /// A whole number from the first to the second.
    Number(u32, u32),
}

/// The value when nobody chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// On or off.
    Switch(bool),
    /// Words.
    Text(&'static str),
    /// A number.
    Number(u32),
}

/// Whether the installer can give a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// It cannot.
    No,
    /// With this property; the user may choose otherwise.
    Default(&'static str),
    /// With this property; only a policy, or for the server the command line, says otherwise.
    Binding(&'static str),
}

impl Definition {
    /// The value's name in the registry: `ServerUrl` for `server_url`.
    #[must_use]
    pub fn registry_name(&self) -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        self.name.split('_').map(capital).collect()
    }

    /// The installer's property.
    #[must_use]
    pub fn property(&self) -> Option<&'static str> {
        match self.installed {
            Installed::No => None,
            Installed::Default(name) | Installed::Binding(name) => Some(name),
        }
    }

    /// The value when nobody chooses.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.default {
            Default::Switch(on) => Value::Switch(on),
            Default::Text(text) => Value::Text(text.to_owned()),
            Default::Number(number) => Value::Number(number),
        }
    }

    /// The value, if this setting can have it. A registry has numbers for switches.
    #[must_use]
    pub fn read(&self, given: &Value) -> Option<Value> {
        let fits = match (self.kind, given) {
            (Kind::Switch, Value::Number(number @ (0 | 1))) => {
                return Some(Value::Switch(*number == 1));
            }
            (Kind::Switch, Value::Switch(_)) => true,
            (Kind::Text(most), Value::Text(text)) => text.len() <= most,
            (Kind::Proxy, Value::Text(text)) => Proxy::parse(text).is_some(),
            (Kind::Choice(choices), Value::Text(text)) => {
                choices.iter().any(|(one, _)| one == text)
            }
            (Kind::Number(least, most), Value::Number(number)) => (least..=most).contains(number),
            _ => false,
        };
        fits.then(|| given.clone())
    }
}

/// The setting with this name, or this name in the registry.
#[must_use]
pub fn named(name: &str) -> Option<&'static Definition> {
    let is = |one: &&Definition| one.name == name || one.registry_name().eq_ignore_ascii_case(name);
    TABLE.iter().copied().find(|one| is(one))
}

/// All of them, in the order in which they are shown.
pub const TABLE: [&Definition; 16] = [
    &SERVER_URL,
    &ORGANIZATION,
    &PROXY,
    &AUTOSTART,
    &KIOSK,
    &TOASTS,
    &TOAST_TEXT,
    &TOAST_TEXT_LOCKED,
    &TYPING,
    &DIAGNOSTICS,
    &UPDATE_NOTICE,
    &LANGUAGE,
    &THEME,
    &WINDOW_KEPT_MINUTES,
    &WINDOW_NEAR_TRAY,
    &LOG_LEVEL,
];

/// The support desk's server.
pub const SERVER_URL: Definition = Definition {
    name: "server_url",
    kind: Kind::Text(2_048),
    default: Default::Text(""),
    by_user: true,
    installed: Installed::Binding("SERVER_URL"),
    title: ["Server address", "Serveradresse"],
    explanation: [
        "The support desk's server, https:// and a host name. When it is set, nobody is asked for it. A policy cannot be overridden by the user, a link or the command line.",
        "Der Server des Supports, https:// und ein Hostname. Ist er gesetzt, wird niemand danach gefragt. Eine Richtlinie kann weder vom Benutzer noch durch einen Link oder die Befehlszeile übergangen werden.",
    ],
};

/// Whose support desk it is.
pub const ORGANIZATION: Definition = Definition {
    name: "organization",
    kind: Kind::Text(80),
    default: Default::Text(""),
    by_user: false,
    installed: Installed::Binding("ORG"),
    title: ["Organization", "Organisation"],
    explanation: [
        "The name shown above the sign-in, so that people see whose support desk it is.",
        "Der Name über der Anmeldung, damit man sieht, wessen Support das ist.",
    ],
};

/// Which way to the server.
pub const PROXY: Definition = Definition {
    name: "proxy",
    kind: Kind::Proxy,
    default: Default::Text("system"),
    by_user: false,
    installed: Installed::No,
    title: ["Proxy", "Proxy"],
    explanation: [
        "`system` uses the system's proxy settings, `none` connects directly, an address such as http://proxy.example.com:8080 names the proxy to use.",
        "`system` nimmt die Proxy-Einstellungen des Systems, `none` verbindet direkt, eine Adresse wie http://proxy.example.com:8080 nennt den Proxy.",
    ],
};

/// Starts with the desktop session.
pub const AUTOSTART: Definition = Definition {
    name: "autostart",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: true,
    installed: Installed::Default("AUTOSTART"),
    title: ["Start with the computer", "Mit dem Computer starten"],
    explanation: [
        "Deskbell starts in the tray when the user signs in to the computer.",
        "Deskbell startet im Infobereich, wenn sich der Benutzer am Computer anmeldet.",
    ],
};

/// A machine that many use.
pub const KIOSK: Definition = Definition {
    name: "kiosk",
    kind: Kind::Switch,
    default: Default::Switch(false),
    by_user: false,
    installed: Installed::Binding("KIOSK"),
    title: ["Shared computer", "Gemeinsam genutzter Computer"],
    explanation: [
        "For a computer at a counter or in a hall: Deskbell cannot be quit or signed out of from tray and window, and toasts never show what was written.",
        "Für einen Computer am Tresen oder in der Halle: Deskbell lässt sich in Infobereich und Fenster weder beenden noch abmelden, und Benachrichtigungen zeigen nie, was geschrieben wurde.",
    ],
};

/// Toasts.
pub const TOASTS: Definition = Definition {
    name: "toasts",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: true,
    installed: Installed::No,
    title: ["Notifications", "Benachrichtigungen"],
    explanation: [
        "A notification is shown when a technician answers or a ticket changes.",
        "Eine Benachrichtigung erscheint, wenn jemand vom Support antwortet oder sich ein Ticket ändert.",
    ],
};

/// What toasts say.
pub const TOAST_TEXT: Definition = Definition {
    name: "toast_text",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: true,
    installed: Installed::No,
    title: ["Text in notifications", "Text in Benachrichtigungen"],
    explanation: [
        "Notifications show what was written. When off, they say only that there is something.",
        "Benachrichtigungen zeigen, was geschrieben wurde. Ausgeschaltet sagen sie nur, dass es etwas gibt.",
    ],
};

/// What toasts say while nobody is there.
pub const TOAST_TEXT_LOCKED: Definition = Definition {
    name: "toast_text_locked",
    kind: Kind::Switch,
    default: Default::Switch(false),
    by_user: true,
    installed: Installed::No,
    title: [
        "Text in notifications on a locked screen",
        "Text in Benachrichtigungen bei gesperrtem Bildschirm",
    ],
    explanation: [
        "Notifications show what was written also while the screen is locked, if they show it at all.",
        "Benachrichtigungen zeigen auch bei gesperrtem Bildschirm, was geschrieben wurde, wenn sie es überhaupt zeigen.",
    ],
};

/// Telling that somebody types.
pub const TYPING: Definition = Definition {
    name: "typing",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: true,
    installed: Installed::No,
    title: ["Show that I am typing", "Zeigen, dass ich schreibe"],
    explanation: [
        "Technicians see while the user is typing; they never see what.",
        "Der Support sieht, während der Benutzer schreibt; nie, was er schreibt.",
    ],
};

/// Sending the check of the computer along.
pub const DIAGNOSTICS: Definition = Definition {
    name: "diagnostics",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: false,
    installed: Installed::No,
    title: [
        "Offer to attach the computer check",
        "Computerprüfung zum Anhängen anbieten",
    ],
    explanation: [
        "Who asks for help may attach what `deskbell doctor` found; nothing is attached unless they tick it, and they see it before.",
        "Wer um Hilfe bittet, kann anhängen, was `deskbell doctor` gefunden hat; ohne Häkchen wird nichts angehängt, und man sieht es vorher.",
    ],
};

/// Saying that there is a newer version.
pub const UPDATE_NOTICE: Definition = Definition {
    name: "update_notice",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: false,
    installed: Installed::No,
    title: [
        "Notice of a newer version",
        "Hinweis auf eine neuere Version",
    ],
    explanation: [
        "When the support desk's server is newer than Deskbell on this computer, the window says so until it is closed. Nothing is downloaded or installed.",
        "Ist der Server des Supports neuer als Deskbell auf diesem Computer, sagt es das Fenster, bis es geschlossen wird. Es wird nichts heruntergeladen oder installiert.",
    ],
};

/// The language.
pub const LANGUAGE: Definition = Definition {
    name: "language",
    kind: Kind::Choice(&[
        ("", ["Like the system", "Wie das System"]),
        ("en", ["English", "Englisch"]),
        ("de", ["German", "Deutsch"]),
    ]),
    default: Default::Text(""),
    by_user: true,
    installed: Installed::No,
    title: ["Language", "Sprache"],
    explanation: [
        "The language of window, tray and notifications.",
        "Die Sprache von Fenster, Infobereich und Benachrichtigungen.",
    ],
};

/// The colours.
pub const THEME: Definition = Definition {
    name: "theme",
    kind: Kind::Choice(&[
        ("system", ["Like the system", "Wie das System"]),
        ("light", ["Light", "Hell"]),
        ("dark", ["Dark", "Dunkel"]),
    ]),
    default: Default::Text("system"),
    by_user: true,
    installed: Installed::No,
    title: ["Appearance", "Darstellung"],
    explanation: ["The window's colours.", "Die Farben des Fensters."],
};

/// How long a closed window is kept.
pub const WINDOW_KEPT_MINUTES: Definition = Definition {
    name: "window_kept_minutes",
    kind: Kind::Number(0, 60),
    default: Default::Number(3),
    by_user: false,
    installed: Installed::No,
    title: [
        "Keep a closed window (minutes)",
        "Geschlossenes Fenster behalten (Minuten)",
    ],
    explanation: [
        "So many minutes after it was closed the window's memory is given back; until then it opens faster.",
        "So viele Minuten nach dem Schließen wird der Speicher des Fensters freigegeben; bis dahin öffnet es schneller.",
    ],
};

/// Where the window opens.
pub const WINDOW_NEAR_TRAY: Definition = Definition {
    name: "window_near_tray",
    kind: Kind::Switch,
    default: Default::Switch(true),
    by_user: false,
    installed: Installed::No,
    title: [
        "Open the window beside the tray",
        "Fenster neben dem Infobereich öffnen",
    ],
    explanation: [
        "The window opens beside the tray icon. When off, in the middle of the screen.",
        "Das Fenster öffnet neben dem Symbol im Infobereich. Ausgeschaltet in der Mitte des Bildschirms.",
    ],
};

/// How much the log says.
pub const LOG_LEVEL: Definition = Definition {
    name: "log_level",
    kind: Kind::Choice(&[
        ("error", ["Errors", "Fehler"]),
        ("warn", ["Errors and warnings", "Fehler und Warnungen"]),
        ("info", ["What happens", "Was geschieht"]),
        ("debug", ["Everything", "Alles"]),
    ]),
    default: Default::Text("info"),
    by_user: false,
    installed: Installed::No,
    title: ["Log level", "Protokollstufe"],
    explanation: [
        "How much Deskbell writes into its log. At no level does the log hold what people wrote, codes or tokens.",
        "Wie viel Deskbell in sein Protokoll schreibt. Auf keiner Stufe enthält es, was jemand geschrieben hat, Codes oder Schlüssel.",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_the_setting_can_have() {
        for setting in TABLE {
            let value = setting.default_value();
            assert_eq!(setting.read(&value), Some(value), "{}", setting.name);
        }
    }

    #[test]
    fn names_properties_and_titles_are_used_once() {
        for texts in [
            TABLE.map(|one| one.name.to_owned()).to_vec(),
            TABLE.map(Definition::registry_name).to_vec(),
            TABLE.map(|one| one.title[0].to_owned()).to_vec(),
            TABLE.map(|one| one.title[1].to_owned()).to_vec(),
            TABLE
                .iter()
                .filter_map(|one| one.property())
                .map(str::to_owned)
                .collect(),
        ] {
            let mut once = texts.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), texts.len(), "{texts:?}");
        }
        assert_eq!(TOAST_TEXT_LOCKED.registry_name(), "ToastTextLocked");
        for name in ["toast_text_locked", "ToastTextLocked", "toasttextlocked"] {
            assert_eq!(named(name).map(|one| one.name), Some("toast_text_locked"));
        }
    }

    #[test]
    fn a_value_of_another_type_or_out_of_range_is_none() {
        assert_eq!(TOASTS.read(&Value::Number(1)), Some(Value::Switch(true)));
        assert_eq!(TOASTS.read(&Value::Number(2)), None);
        assert_eq!(TOASTS.read(&Value::Text("yes".into())), None);
        assert_eq!(WINDOW_KEPT_MINUTES.read(&Value::Number(61)), None);
        assert_eq!(THEME.read(&Value::Text("pink".into())), None);
        assert_eq!(LANGUAGE.read(&Value::Text("../../de".into())), None);
        assert_eq!(SERVER_URL.read(&Value::Text("x".repeat(3_000))), None);
    }
}
