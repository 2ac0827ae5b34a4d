//! What must hold in a manifest besides its form. What a host pattern or a method may be is for the part of the host that grants them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::error::ManifestError;
use super::{AskedGrant, DeclaredCredential, Manifest, settings_schema};
use crate::settings::suggestion::did_you_mean;
use crate::visible_text::visible;

/// How long a title may be, in characters: it begins the title of each alert that has none.
const TITLE_CHARACTERS: usize = 200;
/// What a rule can ask for.
const SCHEMES: [&str; 3] = ["http", "https", "tcp"];
/// How many of one thing there may be: asks, credentials.
const MOST: usize = 100;

/// Refuses what cannot be meant, and writes collections with dots.
pub(super) fn check(manifest: &mut Manifest) -> Result<(), ManifestError> {
    check_texts(manifest).map_err(ManifestError::Wrong)?;
    manifest.collections = manifest.collections.take().map(with_dots).transpose().map_err(ManifestError::Wrong)?;
    check_credentials(&manifest.credentials).map_err(ManifestError::Wrong)?;
    check_grants(manifest).map_err(ManifestError::Wrong)?;
    check_required(manifest).map_err(ManifestError::Wrong)?;
    manifest.settings.as_ref().map_or(Ok(()), settings_schema::check).map_err(ManifestError::Schema)
}

fn check_texts(manifest: &Manifest) -> Result<(), String> {
    let title = &manifest.title;
    if title.trim().is_empty() || title.contains(char::is_control) || title.chars().count() > TITLE_CHARACTERS {
        return Err(format!("`title`: expected one line of 1 to {TITLE_CHARACTERS} characters"));
    }
    let page = |reference: &&String| !reference.starts_with("https://") && !reference.starts_with("http://");
    manifest.references.iter().find(page).map_or(Ok(()), |reference| {
        Err(format!("`references`: `{}` is no page: expected an address that begins with `https://`", visible(reference)))
    })
}

/// `aws/securityGroups` and `aws.securityGroups` are one collection.
fn with_dots(collections: BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let named = |collection: String| {
        let dotted = collection.replace('/', ".");
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if dotted.contains('.') && dotted.split('.').all(part) {
            Ok(dotted)
        } else {
            Err(format!(
                "`collections`: `{}` is no collection: expected a name as `aws.securityGroups` or `view.instances`",
                visible(&collection)
            ))
        }
    };
    collections.into_iter().map(named).collect()
}

fn check_grants(manifest: &Manifest) -> Result<(), String> {
    if manifest.grants.len() > MOST {
        return Err(format!("`grants`: there are {}; at most {MOST} are read", manifest.grants.len()));
    }
    manifest.grants.iter().enumerate().try_for_each(|(index, ask)| {
        check_ask(ask, &manifest.credentials).map_err(|(key, what)| format!("`grants[{index}].{key}`: {what}"))
    })
}

fn check_ask(ask: &AskedGrant, credentials: &BTreeMap<String, DeclaredCredential>) -> Result<(), (&'static str, String)> {
    if ask.reason.trim().is_empty() {
        return Err(("reason", "expected why the rule needs this, for the operator who decides".to_owned()));
    }
    if ask.hosts.is_empty() || ask.hosts.iter().any(|host| host.trim().is_empty()) {
        return Err(("hosts", "expected at least one host, each not empty".to_owned()));
    }
    if let Some(scheme) = ask.schemes.iter().find(|scheme| !SCHEMES.contains(&scheme.as_str())) {
        let suggestion = did_you_mean(scheme, SCHEMES);
        return Err(("schemes", format!("there is no scheme `{}`{suggestion} (schemes: {})", visible(scheme), SCHEMES.join(", "))));
    }
    match &ask.credential {
        Some(name) if !credentials.contains_key(name) => {
            let suggestion = did_you_mean(name, credentials.keys().map(String::as_str));
            Err(("credential", format!("`credentials` of this manifest has no `{}`{suggestion}", visible(name))))
        }
        _ => Ok(()),
    }
}

fn check_credentials(credentials: &BTreeMap<String, DeclaredCredential>) -> Result<(), String> {
    if credentials.len() > MOST {
        return Err(format!("`credentials`: there are {}; at most {MOST} are read", credentials.len()));
    }
    for (name, credential) in credentials {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if !(1..=64).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(format!("`credentials`: `{}` is no name: 1 to 64 of the characters a-z, 0-9, _ and - are allowed", visible(name)));
        }
        check_credential(credential).map_err(|what| format!("`credentials.{name}.settings`: {what}"))?;
    }
    Ok(())
}

/// No settings would fit: what the host takes out is not there any more when they are checked.
fn check_required(manifest: &Manifest) -> Result<(), String> {
    let required = manifest.settings.as_ref().and_then(|schema| schema.get("required")?.as_array()).into_iter().flatten();
    let taken: BTreeSet<&str> =
        manifest.credentials.values().flat_map(|credential| credential.settings.values()).map(String::as_str).collect();
    let both = required.filter_map(Value::as_str).find(|required| taken.contains(required));
    both.map_or(Ok(()), |key| {
        Err(format!("`settings.required`: take `{}` out, as `credentials` takes it out of the settings", visible(key)))
    })
}

fn check_credential(credential: &DeclaredCredential) -> Result<(), String> {
    let fields = credential.kind.fields();
    let known = || fields.iter().flat_map(|field| field.names());
    if let Some(field) = credential.settings.keys().find(|field| !known().any(|known| known == **field)) {
        let names: Vec<_> = known().collect();
        let suggestion = did_you_mean(field, names.iter().map(String::as_str));
        return Err(format!("a credential of this kind has no `{}`{suggestion} (fields: {})", visible(field), names.join(", ")));
    }
    for field in fields {
        let said = field.names().filter(|name| credential.settings.contains_key(name)).count();
        if said > 1 || (said == 0 && field.required) {
            return Err(format!("expected one key for {}", field.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")));
        }
    }
    let keys: BTreeSet<&str> = credential.settings.values().map(String::as_str).collect();
    if keys.len() < credential.settings.len() || keys.iter().any(|key| key.is_empty() || key.starts_with('$')) {
        return Err("expected different keys of the rule's settings, none empty and none beginning with `$`".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::reading::read;

    /// What is said against a manifest with one more key.
    fn refusal(key: &str, value: Value) -> String {
        let mut manifest = json!({ "title": "x" });
        manifest[key] = value;
        let said = read(&manifest.to_string()).expect_err("a wrong manifest").to_string();
        said.strip_prefix("its manifest is wrong: ").map(str::to_owned).unwrap_or(said)
    }

    #[test]
    fn a_title_is_one_line() {
        for title in ["", " ", "a\nb", "a\u{1b}[31m", &"x".repeat(201)] {
            assert_eq!(refusal("title", title.into()), "`title`: expected one line of 1 to 200 characters");
        }
    }

    #[test]
    fn references_are_pages() {
        assert!(
            refusal("references", json!(["javascript:alert(1)\u{1b}"]))
                .starts_with("`references`: `javascript:alert(1)\\u001b` is no page")
        );
    }

    #[test]
    fn collections_have_a_group_and_a_name() {
        for collection in ["instances", "", ".", "aws.", "aws..instances", "aws/instances;_all", "*.*", "aws.instances\u{202e}"] {
            assert!(refusal("collections", json!([collection])).contains("is no collection"), "{collection}");
        }
    }

    #[test]
    fn what_is_taken_out_cannot_be_required() {
        let manifest = json!({
            "title": "x",
            "settings": { "required": ["url", "api_token"] },
            "credentials": { "t": { "kind": "bearer", "settings": { "token": "api_token" } } },
        });
        let said = read(&manifest.to_string()).expect_err("a wrong manifest").to_string();
        assert!(said.contains("`settings.required`: take `api_token` out"), "{said}");
    }

    #[test]
    fn an_ask_says_why_and_where() {
        let ask = |key: &str, value: Value| {
            let mut ask = json!({ "reason": "r", "hosts": ["example.com"] });
            ask[key] = value;
            refusal("grants", json!([ask]))
        };
        assert_eq!(ask("reason", " ".into()), "`grants[0].reason`: expected why the rule needs this, for the operator who decides");
        assert!(ask("hosts", json!([])).starts_with("`grants[0].hosts`: expected at least one host"));
        assert_eq!(
            ask("schemes", json!(["htps"])),
            "`grants[0].schemes`: there is no scheme `htps`: did you mean `https`? (schemes: http, https, tcp)"
        );
        assert_eq!(ask("credential", "chef".into()), "`grants[0].credential`: `credentials` of this manifest has no `chef`");
    }

    #[test]
    fn a_credential_names_known_fields_and_all_that_it_needs() {
        let declared = |kind: &str, settings: Value| refusal("credentials", json!({ "c": { "kind": kind, "settings": settings } }));
        let at = "`credentials.c.settings`: ";
        assert_eq!(
            declared("chef", json!({ "usr": "a" })),
            format!("{at}a credential of this kind has no `usr`: did you mean `user`? (fields: user, key, key-file, version)")
        );
        assert_eq!(declared("chef", json!({ "user": "a" })), format!("{at}expected one key for `key` or `key-file`"));
        assert_eq!(
            declared("bearer", json!({ "token": "a", "token-file": "b" })),
            format!("{at}expected one key for `token` or `token-file`")
        );
        let keys = format!("{at}expected different keys of the rule's settings, none empty and none beginning with `$`");
        for key in ["a", "", "$rule"] {
            assert_eq!(declared("basic", json!({ "user": "a", "password": key })), keys);
        }
        assert!(refusal("credentials", json!({ "A b": { "kind": "bearer", "settings": { "token": "t" } } })).contains("`A b` is no name"));
    }
}
