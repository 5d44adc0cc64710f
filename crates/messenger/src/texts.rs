//! The texts of tray and toasts, from the catalogue the window uses too.

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

const ENGLISH: &str = include_str!("../../../locales/en.ftl");
const GERMAN: &str = include_str!("../../../locales/de.ftl");
/// The sections used here; the others are the window's and not kept in memory.
const SECTIONS: [&str; 3] = ["Everywhere", "Tray", "Toasts"];

/// The texts in one language.
pub struct Texts {
    locale: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// In the catalogue closest to a BCP 47 tag.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        Self::with(tag, &SECTIONS)
    }

    /// Those of the check of this computer, which are not kept in memory either.
    #[must_use]
    pub fn for_checks(tag: &str) -> Self {
        Self::with(tag, &["Check of this computer"])
    }

    fn with(tag: &str, wanted: &[&str]) -> Self {
        let locale = catalogue(tag);
        let source = if locale == "de" { GERMAN } else { ENGLISH };
        let mut bundle = FluentBundle::new_concurrent(locale.parse().into_iter().collect());
        // Direction marks around values are for pages; desktops show them as boxes.
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(sections(source, wanted)) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        if bundle.add_resource(resource).is_err() {
            tracing::error!(locale, "the catalogue has a text twice");
        }
        Self { locale, bundle }
    }

    /// `en` or `de`.
    #[must_use]
    pub fn locale(&self) -> &'static str {
        self.locale
    }

    /// A text with its values; its key if there is none.
    #[must_use]
    pub fn text(&self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.fluent());
        }
        self.bundle
            .format_pattern(pattern, Some(&args), &mut Vec::new())
            .into_owned()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({})", self.locale)
    }
}

/// What is put into a text.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// Words.
    Words(&'a str),
    /// A count, which also chooses the plural.
    Count(u32),
}

impl Value<'_> {
    fn fluent(&self) -> FluentValue<'_> {
        match self {
            Value::Words(words) => FluentValue::from(*words),
            Value::Count(count) => FluentValue::from(*count),
        }
    }
}

/// The catalogue for a BCP 47 tag (or a POSIX locale): `de` for German, else `en`.
#[must_use]
pub fn catalogue(tag: &str) -> &'static str {
    let language = tag.split(['-', '_', '.']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("de") {
        "de"
    } else {
        "en"
    }
}

fn sections(source: &str, wanted: &[&str]) -> String {
    source
        .split("\n### ")
        .filter(|s| wanted.iter().any(|name| s.lines().next() == Some(name)))
        .flat_map(|section| section.lines().skip(1).chain([""]))
        .fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_tray_and_toasts_exists_in_both_languages() {
        let keys = |source: &str| -> Vec<String> {
            sections(source, &SECTIONS)
                .lines()
                .filter(|line| line.starts_with("tray-") || line.starts_with("toast-"))
                .filter_map(|line| line.split(" =").next().map(ToOwned::to_owned))
                .collect()
        };
        assert_eq!(keys(ENGLISH), keys(GERMAN));
        for tag in ["en", "de"] {
            let texts = Texts::new(tag);
            for key in keys(ENGLISH) {
                let text = texts.text(
                    &key,
                    &[
                        ("count", Value::Count(2)),
                        ("conversations", Value::Count(1)),
                        ("name", Value::Words("Tess")),
                        ("label", Value::Words("x")),
                        ("number", Value::Words("7")),
                        ("subject", Value::Words("s")),
                    ],
                );
                assert!(!text.contains('{') && text != key, "{tag} {key}: {text}");
            }
        }
    }

    #[test]
    fn the_closest_catalogue_is_used() {
        assert_eq!(Texts::new("de_AT.UTF-8").text("tray-quit", &[]), "Beenden");
        assert_eq!(Texts::new("pt-BR").text("tray-quit", &[]), "Quit");
        let count = [("count", Value::Count(1))];
        assert_eq!(
            Texts::new("en").text("tray-tooltip-unread", &count),
            "Deskbell: 1 unread message"
        );
    }
}
