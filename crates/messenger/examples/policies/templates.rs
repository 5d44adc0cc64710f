//! The templates for group policies: what there is (ADMX) and its words (ADML).
#![expect(
    clippy::indexing_slicing,
    reason = "a language is 0 or 1, and every text has two"
)]

use std::fmt::Write as _;

use deskbell_messenger::settings::Value;
use deskbell_messenger::settings::table::{Definition, Kind, TABLE};

const NAMESPACE: &str = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions";
const KEY: &str = r"Software\Policies\Deskbell";

/// In English and in German.
const SUPPORTED: [&str; 2] = ["Deskbell 0.1 or newer", "Deskbell 0.1 oder neuer"];
const ABOUT: [&str; 2] = [
    "Settings of the Deskbell tray client",
    "Einstellungen des Deskbell-Clients",
];

/// What there is.
pub fn admx() -> String {
    let mut text = opening("policyDefinitions");
    text += concat!(
        "  <policyNamespaces>\n",
        "    <target prefix=\"deskbell\" namespace=\"Deskbell.Policies.Client\"/>\n",
        "  </policyNamespaces>\n",
        "  <resources minRequiredRevision=\"1.0\"/>\n",
        "  <supportedOn>\n    <definitions>\n",
        "      <definition name=\"Deskbell\" displayName=\"$(string.Supported)\"/>\n",
        "    </definitions>\n  </supportedOn>\n",
        "  <categories>\n    <category name=\"Deskbell\" displayName=\"$(string.Category)\"/>\n  </categories>\n",
        "  <policies>\n",
    );
    text.extend(TABLE.map(policy));
    text + "  </policies>\n</policyDefinitions>\n"
}

fn policy(setting: &Definition) -> String {
    let name = setting.registry_name();
    let (value, presentation) = if setting.kind == Kind::Switch {
        (format!(" valueName=\"{name}\""), String::new())
    } else {
        let presentation = format!(" presentation=\"$(presentation.{name})\"");
        (String::new(), presentation)
    };
    let contents = contents(setting, &name);
    format!(
        "    <policy name=\"{name}\" class=\"Both\" displayName=\"$(string.{name})\" \
         explainText=\"$(string.{name}_Explain)\"{presentation} key=\"{KEY}\"{value}>\n      \
         <parentCategory ref=\"Deskbell\"/>\n      <supportedOn ref=\"Deskbell\"/>\n{contents}    </policy>\n"
    )
}

fn contents(setting: &Definition, name: &str) -> String {
    let element = match setting.kind {
        Kind::Switch => {
            return concat!(
                "      <enabledValue><decimal value=\"1\"/></enabledValue>\n",
                "      <disabledValue><decimal value=\"0\"/></disabledValue>\n",
            )
            .to_owned();
        }
        Kind::Text(most) => text_element(name, most),
        Kind::Proxy => text_element(name, 2_048),
        Kind::Number(least, most) => format!(
            "<decimal id=\"{name}_Value\" valueName=\"{name}\" required=\"true\" \
             minValue=\"{least}\" maxValue=\"{most}\"/>"
        ),
        Kind::Choice(choices) => {
            let items: String = offered(choices)
                .map(|(value, _)| {
                    format!(
                        "          <item displayName=\"$(string.{name}_{value})\"><value><string>{value}</string></value></item>\n"
                    )
                })
                .collect();
            format!(
                "<enum id=\"{name}_Value\" valueName=\"{name}\" required=\"true\">\n{items}        </enum>"
            )
        }
    };
    format!("      <elements>\n        {element}\n      </elements>\n")
}

fn text_element(name: &str, most: usize) -> String {
    format!(
        "<text id=\"{name}_Value\" valueName=\"{name}\" required=\"true\" maxLength=\"{most}\"/>"
    )
}

/// The choices that can be written into the registry: an empty one is what nobody has chosen.
fn offered(
    choices: &'static [(&'static str, [&'static str; 2])],
) -> impl Iterator<Item = &'static (&'static str, [&'static str; 2])> {
    choices.iter().filter(|(value, _)| !value.is_empty())
}

/// Its words, in English (0) or German (1).
pub fn adml(language: usize) -> String {
    let mut text = opening("policyDefinitionResources");
    let _ = write!(
        text,
        "  <displayName>Deskbell</displayName>\n  <description>{}</description>\n  <resources>\n    <stringTable>\n",
        ABOUT[language]
    );
    text += &string("Category", "Deskbell");
    text += &string("Supported", SUPPORTED[language]);
    text.extend(TABLE.map(|setting| strings(setting, language)));
    text += "    </stringTable>\n    <presentationTable>\n";
    text.extend(TABLE.map(|setting| presentation(setting, language)));
    text + "    </presentationTable>\n  </resources>\n</policyDefinitionResources>\n"
}

fn strings(setting: &Definition, language: usize) -> String {
    let name = setting.registry_name();
    let explanation = setting.explanation[language].replace('`', "\"");
    let mut text = string(&name, setting.title[language]);
    text += &string(&format!("{name}_Explain"), &explanation);
    if let Kind::Choice(choices) = setting.kind {
        text.extend(
            offered(choices)
                .map(|(value, titles)| string(&format!("{name}_{value}"), titles[language])),
        );
    }
    text
}

fn presentation(setting: &Definition, language: usize) -> String {
    let (name, title) = (setting.registry_name(), escaped(setting.title[language]));
    let id = format!("refId=\"{name}_Value\"");
    let control = match (setting.kind, setting.default_value()) {
        (Kind::Switch, _) => return String::new(),
        (Kind::Number(..), Value::Number(default)) => {
            format!("<decimalTextBox {id} defaultValue=\"{default}\">{title}:</decimalTextBox>")
        }
        (Kind::Choice(_), _) => {
            format!("<dropdownList {id} noSort=\"true\">{title}:</dropdownList>")
        }
        _ => format!("<textBox {id}><label>{title}:</label></textBox>"),
    };
    format!("      <presentation id=\"{name}\">{control}</presentation>\n")
}

fn opening(root: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <!-- Written by `cargo xtask gen` from crates/messenger/src/settings/table.rs. -->\n\
         <{root} xmlns=\"{NAMESPACE}\" revision=\"1.0\" schemaVersion=\"1.0\">\n"
    )
}

fn string(id: &str, text: &str) -> String {
    format!("      <string id=\"{id}\">{}</string>\n", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
