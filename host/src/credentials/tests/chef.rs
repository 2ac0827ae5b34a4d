use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{Credential, SigningOptions};
use super::{header, moment, request};
use crate::settings::{ChefVersion, CredentialSettings, Secret};

/// Made with mixlib-authentication, which Chef's own clients sign with.
const EXAMPLES: &str = include_str!("chef.json");

#[derive(Deserialize)]
struct Examples {
    key_pkcs1: String,
    key_pkcs8: String,
    user: String,
    time: String,
    requests: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    method: String,
    path: String,
    body: String,
    server_version: Option<String>,
    version: String,
    headers: BTreeMap<String, String>,
}

fn examples() -> Examples {
    serde_json::from_str(EXAMPLES).expect("examples")
}

fn client(user: &str, key: &str, version: ChefVersion) -> Result<Credential, super::super::CredentialError> {
    Credential::new(&CredentialSettings::Chef { user: Secret::new(user), key: Secret::new(key), version })
}

#[test]
fn signatures_are_those_of_chefs_own_clients() {
    let examples = examples();
    assert_eq!(examples.requests.len(), 9);
    for (example, key) in examples.requests.iter().zip([&examples.key_pkcs1, &examples.key_pkcs8].into_iter().cycle()) {
        let version = match example.version.as_str() {
            "1.0" => ChefVersion::V1_0,
            "1.1" => ChefVersion::V1_1,
            _ => ChefVersion::V1_3,
        };
        let own: Vec<_> = example.server_version.iter().map(|version| ("x-ops-server-api-version".to_owned(), version.clone())).collect();
        let mut request = request(&example.method, &format!("https://chef.example.com{}?q=*:*", example.path), &own, &example.body);
        let client = client(&examples.user, key, version).expect("a key");
        client.sign(&mut request, &SigningOptions::default(), moment(&examples.time)).expect("a signature");
        for (name, value) in &example.headers {
            assert_eq!(header(&request, name), Some(value.as_str()), "{} {} {name}", example.version, example.path);
        }
        assert_eq!(header(&request, "x-ops-server-api-version"), Some(example.server_version.as_deref().unwrap_or("0")));
    }
}

#[test]
fn what_a_rule_puts_there_does_not_stay() {
    let examples = examples();
    let forged = ["x-ops-userid", "x-ops-authorization-1", "x-ops-authorization-7"].map(|name| (name.to_owned(), "forged".to_owned()));
    let mut request = request("GET", "https://chef.example.com/nodes", &forged, "");
    let client = client(&examples.user, &examples.key_pkcs8, ChefVersion::V1_3).expect("a key");
    client.sign(&mut request, &SigningOptions::default(), moment(&examples.time)).expect("a signature");
    assert!(request.headers().values().all(|value| value != "forged"));
    assert_eq!(header(&request, "x-ops-authorization-7"), None);
}

#[test]
fn a_key_that_is_none_is_refused() {
    for key in ["", "hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", "-----BEGIN RSA PUBLIC KEY-----"] {
        let error = client("u", key, ChefVersion::V1_3).expect_err("no key").to_string();
        assert!(error.starts_with("the key is no RSA private key in PEM") && !error.contains("hunter2"), "{error}");
    }
    let error = client("a\r\nb", &examples().key_pkcs1, ChefVersion::V1_3).expect_err("a line break").to_string();
    assert_eq!(error, "`user` has a character that cannot be sent, such as a line break");
}

#[test]
fn a_name_too_long_for_an_old_signature_is_refused_when_it_signs() {
    let long = "x".repeat(300);
    let sign = |version| {
        let mut request = request("GET", "https://chef.example.com/nodes", &[], "");
        client(&long, &examples().key_pkcs1, version).expect("a key").sign(
            &mut request,
            &SigningOptions::default(),
            moment("2026-01-01T00:00:00Z"),
        )
    };
    assert!(sign(ChefVersion::V1_0).expect_err("too long").to_string().contains("Chef's version 1.3 is needed"));
    assert!(sign(ChefVersion::V1_1).is_ok() && sign(ChefVersion::V1_3).is_ok());
}
