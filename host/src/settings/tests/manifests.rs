use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::names;
use crate::plugin::manifest::Manifest;
use crate::settings::{AwsSettings, ChefVersion, ConfiguredRule, CredentialSettings, Secret, Settings};

const CHEF: &str = r#"{
    "title": "Chef", "settings": {"properties": {"chef_server_url": {"type": "string"}, "ports": {"items": {"type": "integer"}}},
    "additionalProperties": false, "required": ["chef_server_url"]},
    "credentials": {"chef": {"kind": "chef", "settings": {"user": "client_name", "key-file": "client_key_file", "version": "chef_version"}}}
}"#;

fn manifest(text: &str) -> Manifest {
    serde_json::from_str(text).expect("a manifest")
}

/// The rules of a config in `directory`, with `manifest` applied; and the warnings.
fn applied(text: &str, rule: &str, manifest_text: &str, directory: &Path) -> Result<(ConfiguredRule, String), String> {
    let shown = |text: String| text.replace(&*directory.join("c.json").to_string_lossy(), "c.json");
    let settings = Settings::parse(text, &directory.join("c.json")).map_err(|error| shown(error.to_string()))?;
    let (mut rules, manifest) = (settings.rules(&names(&[rule])), manifest(manifest_text));
    let warnings = settings.apply_manifests([(&mut rules[0], Some(&manifest))]).map_err(|error| shown(error.to_string()))?;
    Ok((rules.remove(0), shown(warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))))
}

fn refusal(text: &str, rule: &str, manifest: &str) -> String {
    let said = applied(text, rule, manifest, Path::new("/etc/reddalert")).expect_err(text);
    assert!(!said.contains("hunter2"), "{said}");
    said
}

#[test]
fn declared_credentials_are_taken_out_of_the_settings() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("client.pem"), "PEM\n").expect("a file");
    // The old name of the section (Q10).
    for section in ["plugin.chef", "plugin.non_chef"] {
        let text =
            format!(r#"{{"{section}": {{"chef_server_url": "https://chef", "client_name": "audit", "client_key_file": "client.pem"}}}}"#);
        let (rule, warnings) = applied(&text, "non_chef", CHEF, directory.path()).expect("no mistake");
        assert_eq!((rule.settings, warnings.as_str()), (json!({"chef_server_url": "https://chef"}), ""));
        let chef = CredentialSettings::Chef { user: Secret::new("audit"), key: Secret::new("PEM"), version: ChefVersion::V1_3 };
        assert_eq!(rule.credentials, BTreeMap::from([("chef".to_owned(), chef)]));
    }
}

#[test]
fn a_declared_credential_may_be_a_file_or_a_variable() {
    let aws = r#"{"title": "S3", "credentials": {"aws": {"kind": "aws", "settings": {"access-key": "user", "secret-key": "key"}}}}"#;
    let text = r#"{"plugin": {"s3acl": {"user": "AKIA", "key": {"$env": "CARGO_PKG_NAME"}, "visit_max": 5}}}"#;
    let (rule, _) = applied(text, "s3acl", aws, Path::new("/")).expect("no mistake");
    assert_eq!(rule.settings, json!({"visit_max": 5}));
    let keys = AwsSettings::Keys { access_key: Secret::new("AKIA"), secret_key: Secret::new("reddalert"), session_token: None };
    assert_eq!(rule.credentials["aws"], CredentialSettings::Aws(keys));
    assert!(!format!("{rule:?}").contains("AKIA"));
}

#[test]
fn a_missing_key_is_a_warning_and_the_rule_has_no_credential() {
    let text = r#"{"plugin.non_chef": {"chef_server_url": "https://chef", "client_name": "hunter2"}}"#;
    let (rule, warnings) = applied(text, "non_chef", CHEF, Path::new("/")).expect("no mistake");
    assert_eq!((rule.settings, rule.credentials.len()), (json!({"chef_server_url": "https://chef"}), 0));
    assert_eq!(warnings, "c.json:1:2: `plugin.non_chef`: without `client_key_file` the rule runs without its credential `chef`");
    let bare = r#"{"title": "x", "credentials": {"t": {"kind": "bearer", "settings": {"token": "api_token"}}}}"#;
    let (_, warnings) = applied("{}", "ami", bare, Path::new("/")).expect("no mistake");
    assert_eq!(warnings, "c.json:1:1: `plugin.ami`: without `api_token` the rule runs without its credential `t`");
}

#[test]
fn a_wrong_credential_is_refused_with_its_place_and_not_shown() {
    let section = |members: &str| format!(r#"{{"plugin.non_chef": {{"chef_server_url": "x", "client_name": "hunter2", {members}}}}}"#);
    let cases = [
        (r#""client_key_file": 31337"#, "c.json:1:91: `plugin.non_chef.client_key_file`: expected the path of a file"),
        (r#""client_key_file": {"$fiel": "x"}"#, "c.json:1:91: `plugin.non_chef.client_key_file`: expected the path of a file"),
    ];
    for (members, expected) in &cases {
        assert_eq!(refusal(&section(members), "non_chef", CHEF), *expected);
    }
    let absent = refusal(&section(r#""client_key_file": "/no/such/file""#), "non_chef", CHEF);
    assert!(absent.contains("`plugin.non_chef.client_key_file`: the file `/no/such/file` cannot be read"), "{absent}");
}

#[test]
fn a_rule_is_given_no_secret_by_reference() {
    let what = "the rule would see this secret: `$file` and `$env` are for `credentials`, and for keys that the rule's manifest declares as a credential";
    let text = "{\"plugin.ami\": {\n  \"a\": {\"$file\": \"/etc/shadow\"},\n  \"b\": [{\"c\": {\"$env\": \"HOME\", \"x\": 1}}]}}";
    let listing = format!("2 mistakes in the settings:\n  c.json:2:8: `plugin.ami.a`: {what}\n  c.json:3:15: `plugin.ami.b[0].c`: {what}");
    assert_eq!(refusal(text, "ami", r#"{"title": "x"}"#), listing);
    let settings = Settings::parse(text, Path::new("c.json")).expect("no mistake so far");
    let mut rules = settings.rules(&names(&["ami"]));
    let without_manifest = settings.apply_manifests([(&mut rules[0], None)]).expect_err("two mistakes");
    assert_eq!(without_manifest.to_string(), listing);
}

#[test]
fn settings_that_do_not_fit_the_schema_are_told_with_their_places() {
    let text = "{\n  \"plugin.non_chef\": {\n    \"chef_server_ulr\": \"hunter2\",\n    \"client_kye_file\": \"hunter2\",\n    \"ports\": [1, \"hunter2\"]\n  }\n}";
    let expected = [
        "4 mistakes in the settings:",
        "  c.json:2:22: `plugin.non_chef`: expected the key `chef_server_url`",
        "  c.json:3:5: `plugin.non_chef.chef_server_ulr`: the rule knows no such key: did you mean `chef_server_url`? \
         (keys: chef_server_url, ports)",
        "  c.json:4:5: `plugin.non_chef.client_kye_file`: the rule knows no such key: did you mean `client_key_file`? \
         (keys: chef_server_url, ports, client_key_file, client_name, chef_version)",
        "  c.json:5:18: `plugin.non_chef.ports[1]`: expected a whole number, found a text",
    ];
    let said = refusal(text, "non_chef", CHEF);
    assert_eq!(sorted(&said), sorted(&expected.join("\n")));
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(|line| line.split_once("(keys").map_or(line, |(before, _)| before)).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_rule_without_a_section_may_miss_a_required_key() {
    assert_eq!(refusal("{}", "non_chef", CHEF), "c.json:1:1: `plugin.non_chef`: expected the key `chef_server_url`");
    let nested = refusal("{\"plugin\": {\n\"non_chef\": {\"chef_server_url\": 5}}}", "non_chef", CHEF);
    assert_eq!(nested, "c.json:2:33: `plugin.non_chef.chef_server_url`: expected a text, found a number");
}

#[test]
fn a_second_copy_is_checked_for_itself() {
    let text = r#"{"plugin.a": {"x": 1}, "plugin.b": {"$rule": "a", "x": "hunter2"}}"#;
    let settings = Settings::parse(text, Path::new("c.json")).expect("no mistake so far");
    let manifest = manifest(r#"{"title": "x", "settings": {"properties": {"x": {"type": "integer"}}, "additionalProperties": false}}"#);
    let mut rules = settings.rules(&names(&["a"]));
    let error = settings.apply_manifests(rules.iter_mut().map(|rule| (rule, Some(&manifest)))).expect_err("a mistake");
    assert_eq!(error.to_string(), "c.json:1:56: `plugin.b.x`: expected a whole number, found a text");
}

#[test]
fn settings_show_nothing_of_the_config_in_debug() {
    let settings = Settings::parse(r#"{"credentials.x": {"kind": "bearer", "token": "hunter2"}}"#, Path::new("c.json")).expect("settings");
    assert!(!format!("{settings:?}").contains("hunter2"));
    assert_eq!(settings.credentials["x"], CredentialSettings::Bearer { token: Secret::new("hunter2") });
}
