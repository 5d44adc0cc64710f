//! The table of settings, the templates for group policies, the installer and the documentation
//! say the same.

use std::collections::BTreeSet;
use std::path::Path;

use deskbell_messenger::settings::table::{Definition, Kind, TABLE};
use roxmltree::{Document, Node};

#[expect(clippy::panic, reason = "a test says what is wrong by failing")]
fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Elements of any namespace by local name.
fn local<'a>(document: &'a Document<'_>, tag: &str) -> Vec<Node<'a, 'a>> {
    let is = |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == tag;
    document.descendants().filter(is).collect()
}

fn attributes<'a>(nodes: &[Node<'a, 'a>], name: &str) -> Vec<&'a str> {
    nodes
        .iter()
        .filter_map(|node| node.attribute(name))
        .collect()
}

fn once<'a>(names: &[&'a str]) -> BTreeSet<&'a str> {
    let set: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(set.len(), names.len(), "a name is used twice: {names:?}");
    set
}

const ADMX: &str = "installer/policies/deskbell.admx";
const LANGUAGES: [&str; 2] = ["en-US", "de-DE"];

fn adml(language: &str) -> String {
    file(&format!("installer/policies/{language}/deskbell.adml"))
}

#[test]
fn every_setting_is_a_policy_for_machine_and_user_and_nothing_else_is() {
    let text = file(ADMX);
    let admx = Document::parse(&text).unwrap();
    let policies = local(&admx, "policy");
    let names = once(&attributes(&policies, "name"));
    let expected: Vec<String> = TABLE.map(Definition::registry_name).to_vec();
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    for (policy, setting) in policies.iter().zip(TABLE) {
        assert_eq!(policy.attribute("class"), Some("Both"), "{}", setting.name);
        assert_eq!(policy.attribute("key"), Some(r"Software\Policies\Deskbell"));
        let written = policy
            .descendants()
            .find_map(|node| node.attribute("valueName"));
        assert_eq!(written, Some(setting.registry_name().as_str()));
        let kind = match setting.kind {
            Kind::Switch => "enabledValue",
            Kind::Text(_) | Kind::Proxy => "text",
            Kind::Choice(_) => "enum",
            Kind::Number(..) => "decimal",
        };
        let has = policy
            .descendants()
            .any(|node| node.tag_name().name() == kind);
        assert!(has, "{} is no {kind}", setting.name);
    }
}

/// What Windows refuses a template for.
#[test]
fn the_templates_refer_to_what_is_there() {
    let text = file(ADMX);
    let admx = Document::parse(&text).unwrap();
    let supported = once(&attributes(&local(&admx, "definition"), "name"));
    let categories = once(&attributes(&local(&admx, "category"), "name"));
    for policy in local(&admx, "policy") {
        let reference = |tag: &str| {
            let node = policy.children().find(|node| node.tag_name().name() == tag);
            node.and_then(|node| node.attribute("ref"))
                .unwrap_or_default()
        };
        assert!(supported.contains(reference("supportedOn")), "{policy:?}");
        assert!(
            categories.contains(reference("parentCategory")),
            "{policy:?}"
        );
    }
    let wanted = |kind: &str| -> BTreeSet<String> {
        let prefix = format!("$({kind}.");
        let texts = admx.descendants().flat_map(|node| node.attributes());
        texts
            .filter_map(|text| {
                Some(
                    text.value()
                        .strip_prefix(&prefix)?
                        .strip_suffix(')')?
                        .to_owned(),
                )
            })
            .collect()
    };
    let elements: BTreeSet<&str> = once(&attributes(
        &admx
            .descendants()
            .filter(|node| node.has_attribute("id"))
            .collect::<Vec<_>>(),
        "id",
    ));
    for language in LANGUAGES {
        let text = adml(language);
        let adml = Document::parse(&text).unwrap();
        let strings = once(&attributes(&local(&adml, "string"), "id"));
        let owned =
            |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(owned(strings), wanted("string"), "{language}");
        let presentations = once(&attributes(&local(&adml, "presentation"), "id"));
        assert_eq!(owned(presentations), wanted("presentation"), "{language}");
        let controls: Vec<_> = adml
            .descendants()
            .filter(|node| node.has_attribute("refId"))
            .collect();
        assert_eq!(
            once(&attributes(&controls, "refId")),
            elements,
            "{language}"
        );
    }
}

#[test]
fn the_templates_say_something_in_each_language() {
    let (english, german) = (adml("en-US"), adml("de-DE"));
    let (english, german) = (
        Document::parse(&english).unwrap(),
        Document::parse(&german).unwrap(),
    );
    for (setting, index) in TABLE.iter().zip(0..) {
        for (document, language) in [(&english, 0), (&german, 1)] {
            let title = local(document, "string")
                .into_iter()
                .find(|node| node.attribute("id") == Some(&setting.registry_name()));
            let title = title.and_then(|node| node.text()).unwrap_or_default();
            assert_eq!(title, setting.title[language], "{index}");
        }
        assert_ne!(
            setting.explanation[0], setting.explanation[1],
            "{}",
            setting.name
        );
    }
}

#[test]
fn the_installer_gives_what_the_table_says_and_nothing_else() {
    let text = file("installer/deskbell.wxs");
    let source = Document::parse(&text).unwrap();
    let ours = |node: &Node<'_, '_>| node.attribute("Key") == Some(r"Software\Deskbell");
    let written: Vec<_> = local(&source, "RegistryValue")
        .into_iter()
        .filter(ours)
        .collect();
    let expected: Vec<_> = TABLE
        .iter()
        .filter(|one| one.property().is_some())
        .collect();
    assert_eq!(
        written.len(),
        expected.len(),
        "{:?}",
        attributes(&written, "Name")
    );
    for setting in expected {
        let name = setting.registry_name();
        let property = setting.property().unwrap_or_default();
        let value = written
            .iter()
            .find(|node| node.attribute("Name") == Some(&name));
        let value = value.unwrap_or_else(|| panic!("the installer does not write {name}"));
        let kind = if setting.kind == Kind::Switch {
            "integer"
        } else {
            "string"
        };
        assert_eq!(value.attribute("Type"), Some(kind), "{name}");
        let given = value.attribute("Value").unwrap_or_default();
        assert!(
            given == format!("[{property}]") || given == "1",
            "{name} is {given}"
        );
        let remembered = attributes(&local(&source, "CustomAction"), "Property");
        assert!(
            remembered.contains(&property),
            "{property} is not remembered over upgrades"
        );
    }
}

#[test]
fn the_documentation_has_a_row_for_each_setting_and_property() {
    let (page, deploy) = (file("docs/policies.md"), file("docs/deploy.md"));
    for setting in TABLE {
        let row = format!("| `{}` | `{}` |", setting.name, setting.registry_name());
        let line = page.lines().find(|line| line.starts_with(&row));
        let line =
            line.unwrap_or_else(|| panic!("docs/policies.md says nothing of {}", setting.name));
        assert!(line.contains(setting.explanation[0]), "{}", setting.name);
        if let Some(property) = setting.property() {
            assert!(line.contains(&format!("`{property}`")), "{line}");
            assert!(
                deploy.contains(&format!("`{property}`")),
                "docs/deploy.md lacks {property}"
            );
        }
    }
}
