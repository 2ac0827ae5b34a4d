//! From the text of a manifest to a [`Manifest`]. A key that nobody knows is never ignored: it may be a misspelt restriction.

use serde_json::{Map, Value};

use super::error::ManifestError;
use super::{Manifest, checks};
use crate::json_value::UniqueJson;
use crate::settings::suggestion::did_you_mean;
use crate::visible_text::visible;

const KEYS: [&str; 10] =
    ["title", "description", "severity", "remediation", "references", "tags", "collections", "settings", "grants", "credentials"];
const GRANT_KEYS: [&str; 8] = ["reason", "schemes", "hosts", "ports", "methods", "path", "credential", "optional"];
const CREDENTIAL_KEYS: [&str; 2] = ["kind", "settings"];

/// Reads and checks a manifest.
pub(super) fn read(text: &str) -> Result<Manifest, ManifestError> {
    let value = serde_json::from_str::<UniqueJson>(text).map_err(ManifestError::NoJson)?.0;
    let Value::Object(members) = &value else {
        return Err(ManifestError::Wrong("it is no object".to_owned()));
    };
    check_keys(members).map_err(ManifestError::Wrong)?;
    let mut manifest: Manifest =
        serde_json::from_str(text).map_err(|error| ManifestError::Wrong(visible(&error.to_string()).into_owned()))?;
    checks::check(&mut manifest)?;
    Ok(manifest)
}

fn check_keys(members: &Map<String, Value>) -> Result<(), String> {
    known_keys("", members, &KEYS)?;
    for (index, grant) in members.get("grants").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if grant.get("private").is_some() {
            return Err(format!("`grants[{index}].private`: a rule cannot ask for private addresses; only the operator grants them"));
        }
        grant.as_object().map_or(Ok(()), |grant| known_keys(&format!("grants[{index}]."), grant, &GRANT_KEYS))?;
    }
    for (name, credential) in members.get("credentials").and_then(Value::as_object).into_iter().flatten() {
        credential
            .as_object()
            .map_or(Ok(()), |credential| known_keys(&format!("credentials.{}.", visible(name)), credential, &CREDENTIAL_KEYS))?;
    }
    Ok(())
}

fn known_keys(path: &str, members: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            let suggestion = did_you_mean(key, known.iter().copied());
            Err(format!("`{path}{}`: there is no such key{suggestion} (keys: {})", visible(key), known.join(", ")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{AskedGrant, CredentialKind, DeclaredCredential, PortRange};
    use super::*;
    use crate::alert::Severity;

    fn refusal(text: &str) -> String {
        let error = read(text).expect_err(text);
        crate::exit_code::chain(error)
    }

    #[test]
    fn a_title_is_enough() {
        let manifest = read(r#"{"title": "Open groups"}"#).expect("a manifest");
        assert_eq!(
            (manifest.title.as_str(), manifest.severity, manifest.collections, manifest.settings),
            ("Open groups", None, None, None)
        );
        assert!(manifest.grants.is_empty() && manifest.credentials.is_empty());
    }

    const FULL: &str = r#"{
            "title": "Machines that Chef does not know", "description": "d", "severity": "high", "remediation": "r",
            "references": ["https://example.com/"], "tags": ["chef"], "collections": ["view/instances", "aws.securityGroups"],
            "settings": {"type": "object"},
            "grants": [{"reason": "asks", "schemes": ["https", "tcp"], "hosts": ["setting:url"], "ports": [443, "8000-8100"],
                        "methods": ["POST"], "path": "/search", "credential": "chef"}],
            "credentials": {"chef": {"kind": "chef", "settings": {"user": "client_name", "key-file": "client_key_file"}}}
        }"#;

    #[test]
    fn everything_is_read() {
        let manifest = read(FULL).expect("a manifest");
        assert_eq!(manifest.severity, Some(Severity::High));
        assert_eq!(manifest.settings, Some(json!({"type": "object"})));
        let collections: Vec<_> = manifest.collections.iter().flatten().map(String::as_str).collect();
        assert_eq!(collections, ["aws.securityGroups", "view.instances"]);
        let ask = AskedGrant {
            reason: "asks".into(),
            schemes: vec!["https".into(), "tcp".into()],
            hosts: vec!["setting:url".into()],
            ports: vec![PortRange { first: 443, last: 443 }, PortRange { first: 8000, last: 8100 }],
            methods: vec!["POST".into()],
            path: Some("/search".into()),
            credential: Some("chef".into()),
            optional: false,
        };
        assert_eq!(manifest.grants, [ask]);
        let settings = [("user", "client_name"), ("key-file", "client_key_file")].map(|(field, key)| (field.to_owned(), key.to_owned()));
        assert_eq!(manifest.credentials["chef"], DeclaredCredential { kind: CredentialKind::Chef, settings: settings.into() });
    }

    #[test]
    fn an_unknown_key_comes_with_the_nearest_right_spelling() {
        let cases = [
            (r#"{"titel": "x"}"#, "`titel`: there is no such key: did you mean `title`?"),
            (
                r#"{"title": "x", "grants": [{"reason": "", "hosts": [], "metods": []}]}"#,
                "`grants[0].metods`: there is no such key: did you mean `methods`?",
            ),
            (r#"{"title": "x", "credentials": {"c": {"kid": "aws"}}}"#, "`credentials.c.kid`: there is no such key: did you mean `kind`?"),
            (r#"{"title": "x", "grants": [{"private": []}]}"#, "`grants[0].private`: a rule cannot ask for private addresses"),
            ("{\"title\": \"x\", \"\\u001b[31m\": 1}", "`\\u001b[31m`: there is no such key"),
        ];
        for (text, expected) in cases {
            assert!(refusal(text).starts_with(&format!("its manifest is wrong: {expected}")), "{}", refusal(text));
        }
    }

    #[test]
    fn what_is_no_manifest_says_where() {
        let cases = [
            ("", "its manifest is not one JSON object: EOF while parsing a value at line 1 column 0"),
            ("{\"title\": \"a\"}{\"title\": \"b\"}", "its manifest is not one JSON object: trailing characters at line 1 column 15"),
            (
                "{\"title\": \"a\", \"title\": \"b\"}",
                "its manifest is not one JSON object: the key `title` stands twice in one object at line 1",
            ),
            ("[]", "its manifest is wrong: it is no object"),
            ("{}", "its manifest is wrong: missing field `title`"),
            ("{\"title\":\n 5}", "its manifest is wrong: invalid type: integer `5`, expected a string at line 2 column 2"),
            (
                "{\"title\": \"x\", \"severity\": \"worst\\u001b\"}",
                "its manifest is wrong: unknown variant `worst\\u001b`, expected one of",
            ),
            (
                "{\"title\": \"x\", \"grants\": [{\"reason\": \"r\", \"hosts\": [\"a\"], \"ports\": [0]}]}",
                "its manifest is wrong: expected a port from 1 to 65535",
            ),
        ];
        for (text, expected) in cases {
            assert!(refusal(text).starts_with(expected), "{}", refusal(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(start in 0_usize..700, end in 0_usize..700, replacement in r#"[\[\]{}":,a0\\$\PC]{0,6}"#) {
            let (start, end) = (start.min(FULL.len()), end.min(FULL.len()));
            if let (Some(before), Some(after)) = (FULL.get(..start.min(end)), FULL.get(start.max(end)..)) {
                let _ = read(&format!("{before}{replacement}{after}"));
            }
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"title\": \"x\", \"settings\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(refusal(&deep).starts_with("its manifest is not one JSON object: recursion limit exceeded"), "{}", refusal(&deep));
    }
}
