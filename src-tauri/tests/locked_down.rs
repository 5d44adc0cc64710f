//! What the window may do is what was reviewed: a change here is a change of the client's defences.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tauri_utils::acl::capability::Capability;
use tauri_utils::acl::manifest::Manifest;
use tauri_utils::acl::resolved::Resolved;
use tauri_utils::platform::Target;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn json<T: serde::de::DeserializeOwned>(path: &str) -> T {
    serde_json::from_slice(&std::fs::read(here(path)).unwrap()).unwrap()
}

/// Every command a page may call, with the windows that may and whether remote pages are among
/// them, as the build resolved it.
fn allowed() -> Vec<String> {
    let manifests: BTreeMap<String, Manifest> = json("gen/schemas/acl-manifests.json");
    let capabilities: BTreeMap<String, Capability> = json("gen/schemas/capabilities.json");
    let resolved = Resolved::resolve(&manifests, capabilities, Target::current()).unwrap();
    assert!(
        resolved.has_app_acl,
        "the client's own command would be open to every page"
    );
    let line = |(name, grants): (String, Vec<tauri_utils::acl::resolved::ResolvedCommand>)| {
        grants.into_iter().map(move |grant| {
            let windows: Vec<&str> = grant.windows.iter().map(|label| label.as_str()).collect();
            format!("{name}: {:?} in {}", grant.context, windows.join(" "))
        })
    };
    resolved
        .allowed_commands
        .into_iter()
        .flat_map(line)
        .collect()
}

/// CLI-01
#[test]
fn the_window_may_call_what_was_reviewed_and_nothing_else() {
    let reviewed: Vec<String> = json("tests/allowed.json");
    assert_eq!(
        allowed(),
        reviewed,
        "if this is meant, review it and write it to tests/allowed.json"
    );
}

/// CLI-02
#[test]
fn the_page_loads_and_reaches_nothing_but_the_client() {
    let config: Value = json("tauri.conf.json");
    let security = &config["app"]["security"];
    let policy = serde_json::json!({
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "ipc: http://ipc.localhost",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    });
    assert_eq!(security["csp"], policy);
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(config["app"]["withGlobalTauri"], false);
    let text = config.to_string();
    for loosened in ["dangerous", "assetProtocol", "devUrl", "devCsp", "unsafe-"] {
        assert!(!text.contains(loosened), "{loosened} is in tauri.conf.json");
    }
}

/// CLI-02
#[test]
fn no_feature_opens_developer_tools_or_the_disk() {
    let manifest: toml::Table = std::fs::read_to_string(here("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let tauri = &manifest["dependencies"]["tauri"];
    let features: Vec<&str> = tauri["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|name| name.as_str())
        .collect();
    assert_eq!(tauri["default-features"].as_bool(), Some(false));
    for feature in [
        "devtools",
        "protocol-asset",
        "isolation",
        "webview-data-url",
        "unstable",
    ] {
        assert!(
            !features.contains(&feature),
            "tauri is built with {feature}"
        );
    }
    let plugins: Vec<&String> = manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .filter(|name| name.starts_with("tauri-plugin-"))
        .collect();
    assert_eq!(
        plugins,
        ["tauri-plugin-single-instance"],
        "another plugin opens another door"
    );
}
