//! The manifests of the shipped rules: each rule has one, and it says of the settings what the rule itself says.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Rule, Window};
use serde_json::{Map, Value, json};

const KEYS: [&str; 10] =
    ["title", "description", "severity", "remediation", "references", "tags", "collections", "settings", "grants", "credentials"];

fn plugins() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../plugins")
}

fn manifest(rule: &str) -> Value {
    let text = fs::read_to_string(plugins().join(rule).join("manifest.json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{rule}: {error}"))
}

/// The keys of the settings that become credentials: the rule never sees them.
fn credential_keys(manifest: &Value) -> BTreeSet<&str> {
    let credentials = manifest["credentials"].as_object().into_iter().flatten();
    credentials.flat_map(|(_, credential)| credential["settings"].as_object().unwrap().values()).map(|key| key.as_str().unwrap()).collect()
}

/// What the rule says to settings: its refusal.
fn refusal<R: Rule>(settings: &Value) -> String {
    let host = MockHost::new(Window { since: 0, until: 1 });
    mock::run::<R>(settings, &host).err().map(|error| error.to_string()).unwrap_or_default()
}

fn check<R: Rule>(rule: &str) {
    let manifest = manifest(rule);
    let properties: &Map<String, Value> = manifest["settings"]["properties"].as_object().unwrap();
    let credentials = credential_keys(&manifest);
    assert!(credentials.iter().all(|key| properties.contains_key(*key)), "{rule}");
    assert_eq!(manifest["settings"]["additionalProperties"], false, "{rule}");

    // The keys are those that the rule knows.
    let says = refusal::<R>(&json!({"no such key": 1}));
    let known: BTreeSet<&str> =
        says.split_once("allowed are ").map_or("", |(_, keys)| keys).split(", ").map(|key| key.trim_matches('`')).collect();
    let told: BTreeSet<&str> = properties.keys().map(String::as_str).filter(|key| !credentials.contains(key)).collect();
    assert_eq!(known.into_iter().filter(|key| !key.is_empty()).collect::<BTreeSet<_>>(), told, "{rule}");

    for (key, property) in properties {
        assert!(property["description"].as_str().is_some_and(|text| !text.is_empty()), "{rule} {key}");
        if let Some(default) = property.get("default") {
            let says = refusal::<R>(&json!({key: default}));
            assert!(!says.contains(&format!("`{key}`: ")), "{rule} {key}: {says}");
        }
    }
}

#[test]
fn the_settings_of_a_manifest_are_those_of_the_rule() {
    check::<ami::Ami>("ami");
    check::<elbs::Elbs>("elbs");
    check::<iam::Iam>("iam");
    check::<missingtag::Missingtag>("missingtag");
    check::<newtag::Newtag>("newtag");
    check::<non_chef::NonChef>("non_chef");
    check::<route53changed::Route53Changed>("route53changed");
    check::<route53unknown::Route53Unknown>("route53unknown");
    check::<s3acl::S3Acl>("s3acl");
    check::<secgroups::Secgroups>("secgroups");
    check::<security_headers::SecurityHeaders>("security_headers");
    check::<sso_unprotected::SsoUnprotected>("sso_unprotected");
}

#[test]
fn every_rule_has_a_manifest_that_says_enough_and_nothing_unknown() {
    let rules: Vec<String> = fs::read_dir(plugins()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(rules.len(), 12);
    for rule in rules {
        let manifest = manifest(&rule);
        let object = manifest.as_object().unwrap();
        assert_eq!(object.keys().find(|key| !KEYS.contains(&key.as_str())), None, "{rule}");
        for key in ["title", "description", "severity", "remediation"] {
            assert!(object[key].as_str().is_some_and(|text| !text.is_empty()), "{rule} {key}");
        }
        for key in ["references", "tags", "collections"] {
            assert!(object[key].is_array(), "{rule} {key}");
        }
        for ask in manifest["grants"].as_array().into_iter().flatten() {
            assert!(ask["reason"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
            let credential = ask.get("credential").and_then(Value::as_str);
            assert!(credential.is_none_or(|name| manifest["credentials"].get(name).is_some()), "{rule}");
        }
    }
}
