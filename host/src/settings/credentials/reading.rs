//! Reads `credentials.<name>`. No mistake repeats a value.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::mistake::Mistake;
use super::super::reader::Entry;
use super::super::secret::Secret;
use super::super::suggestion::did_you_mean;
use super::{AwsSettings, CHEF_VERSIONS, ChefVersion, CredentialSettings};
use crate::plugin::manifest::CredentialKind;

const KINDS: [(&str, CredentialKind); 4] =
    [("aws", CredentialKind::Aws), ("chef", CredentialKind::Chef), ("bearer", CredentialKind::Bearer), ("basic", CredentialKind::Basic)];
/// Keys that say where AWS's keys are, instead of saying them.
const AWS_PLACES: [&str; 3] = ["profile", "file", "from"];
/// Where AWS's own tools look, below the home directory.
const SHARED_FILE: &str = ".aws/credentials";

/// Reads one credential. Relative files are taken from `directory`.
pub(in super::super) fn read(section: &Entry<'_>, directory: &Path) -> Result<CredentialSettings, Mistake> {
    if !is_credential_name(section.name()) {
        return Err(section.wrong_key("this is no name of a credential: 1 to 64 of the characters a-z, 0-9, _ and - are allowed"));
    }
    let members = section.object()?;
    let kind = kind(section, &members)?;
    check_keys(kind, &members)?;
    if kind == CredentialKind::Aws
        && let Some(place) = aws_place(section, &members, directory)?
    {
        return Ok(CredentialSettings::Aws(place));
    }
    let mut fields = BTreeMap::new();
    for field in kind.fields() {
        match members.iter().find(|member| member.name() == field.name) {
            Some(entry) => drop(fields.insert(field.name, (Secret::read(entry, directory)?, entry.clone()))),
            None if field.required => return Err(section.wrong_value(format!("expected the key `{}`", field.name))),
            None => {}
        }
    }
    of_fields(kind, fields)
}

/// Whether a credential can have that name.
fn is_credential_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}

/// A credential of its fields, each with the value that it was read from. All that are required are there.
pub(super) fn of_fields(kind: CredentialKind, mut fields: BTreeMap<&str, (Secret, Entry<'_>)>) -> Result<CredentialSettings, Mistake> {
    let version = fields.remove("version").map_or(Ok(ChefVersion::default()), |(version, entry)| chef_version(&version, &entry))?;
    let mut secrets: BTreeMap<&str, Secret> = fields.into_iter().map(|(name, (secret, _))| (name, secret)).collect();
    let mut required = |name: &str| secrets.remove(name).expect("proof: callers look for all required fields first");
    Ok(match kind {
        CredentialKind::Aws => CredentialSettings::Aws(AwsSettings::Keys {
            access_key: required("access-key"),
            secret_key: required("secret-key"),
            session_token: secrets.remove("session-token"),
        }),
        CredentialKind::Chef => CredentialSettings::Chef { user: required("user"), key: required("key"), version },
        CredentialKind::Bearer => CredentialSettings::Bearer { token: required("token") },
        CredentialKind::Basic => CredentialSettings::Basic { user: required("user"), password: required("password") },
    })
}

fn chef_version(text: &Secret, entry: &Entry<'_>) -> Result<ChefVersion, Mistake> {
    let known = CHEF_VERSIONS.iter().find(|(name, _)| *name == text.expose());
    known.map(|(_, version)| *version).ok_or_else(|| {
        let names = CHEF_VERSIONS.map(|(name, _)| format!("`\"{name}\"`"));
        entry.wrong_value(format!("expected one of {}", names.join(", ")))
    })
}

fn kind(section: &Entry<'_>, members: &[Entry<'_>]) -> Result<CredentialKind, Mistake> {
    let names = KINDS.map(|(name, _)| name);
    let Some(entry) = members.iter().find(|member| member.name() == "kind") else {
        return Err(section.wrong_value(format!("expected the key `kind`: one of {}", names.join(", "))));
    };
    let said = entry.text()?;
    KINDS.iter().find(|(name, _)| *name == said).map(|(_, kind)| *kind).ok_or_else(|| {
        let suggestion = did_you_mean(said, names);
        entry.wrong_value(format!("there is no such kind of credential{suggestion} (kinds: {})", names.join(", ")))
    })
}

fn check_keys(kind: CredentialKind, members: &[Entry<'_>]) -> Result<(), Mistake> {
    let places = if kind == CredentialKind::Aws { &AWS_PLACES[..] } else { &[] };
    let known: Vec<&str> = ["kind"].into_iter().chain(kind.fields().iter().map(|field| field.name)).chain(places.iter().copied()).collect();
    match members.iter().find(|member| !known.contains(&member.name())) {
        Some(member) => {
            let suggestion = did_you_mean(member.name(), known.iter().copied());
            Err(member.wrong_key(format!("a credential of this kind has no such key{suggestion} (keys: {})", known.join(", "))))
        }
        None => Ok(()),
    }
}

/// Where the keys are, when the credential says that and not the keys.
fn aws_place(section: &Entry<'_>, members: &[Entry<'_>], directory: &Path) -> Result<Option<AwsSettings>, Mistake> {
    let member = |name: &str| members.iter().find(|member| member.name() == name);
    let keys = CredentialKind::Aws.fields().iter().find_map(|field| member(field.name));
    match (member("from"), member("profile"), member("file"), keys) {
        (None, None, None, _) => Ok(None),
        (Some(from), None, None, None) => match from.text()? {
            "environment" => Ok(Some(AwsSettings::Environment)),
            _ => Err(from.wrong_value("expected `environment`")),
        },
        (None, Some(profile), file, None) => {
            let file = file.map_or_else(|| home(section).map(|home| home.join(SHARED_FILE)), |file| path(file, directory))?;
            Ok(Some(AwsSettings::Profile { profile: profile.filled_text()?.to_owned(), file }))
        }
        (None, None, Some(file), _) => Err(file.wrong_key("`file` comes with `profile`: the name of a section in it")),
        _ => Err(section.wrong_value("expected either `access-key` and `secret-key`, or `profile`, or `from`")),
    }
}

/// A path, in which `~/` stands for the home directory.
fn path(entry: &Entry<'_>, directory: &Path) -> Result<PathBuf, Mistake> {
    let text = entry.filled_text()?;
    match text.strip_prefix("~/") {
        Some(rest) => Ok(home(entry)?.join(rest)),
        None => Ok(directory.join(text)),
    }
}

fn home(entry: &Entry<'_>) -> Result<PathBuf, Mistake> {
    env::home_dir()
        .filter(|home| home.is_absolute())
        .ok_or_else(|| entry.wrong_value("there is no home directory here: give `file` a whole path"))
}

/// The JSON Schema of a credential, for editors.
pub(in super::super) fn json_schema() -> Value {
    let secret = json!({
        "type": ["string", "object"],
        "minLength": 1,
        "properties": { "$file": { "type": "string", "minLength": 1 }, "$env": { "type": "string", "minLength": 1 } },
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": false,
    });
    let of_kind = |(name, kind): (&str, CredentialKind)| {
        let mut properties = json!({ "kind": { "const": name } });
        for field in kind.fields() {
            properties[field.name] = secret.clone();
        }
        if kind == CredentialKind::Aws {
            properties["from"] = json!({ "const": "environment", "description": "Takes the keys from the environment." });
            properties["profile"] =
                json!({ "type": "string", "minLength": 1, "description": "Takes the keys from that section of `file`." });
            properties["file"] = json!({ "type": "string", "minLength": 1, "description": "Default: ~/.aws/credentials." });
        }
        json!({ "properties": properties, "required": ["kind"], "additionalProperties": false })
    };
    json!({
        "type": "object",
        "description": "What signs requests. A secret is a text, {\"$file\": PATH} or {\"$env\": NAME}.",
        "oneOf": KINDS.map(of_kind),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::super::reader::read_document;
    use super::*;

    fn read_text(text: &str, directory: &Path) -> Result<CredentialSettings, Mistake> {
        read_document(text, |root| read(&root.clone().named("name"), directory)).expect("JSON")
    }

    fn refusal(text: &str) -> String {
        read_text(text, Path::new("/etc/reddalert")).expect_err(text).to_string()
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[test]
    fn every_kind_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("key.pem"), "PEM\n").expect("a file");
        let keys = |session_token| AwsSettings::Keys { access_key: secret("AKIA"), secret_key: secret("x"), session_token };
        let profile = |file: PathBuf| AwsSettings::Profile { profile: "audit".into(), file };
        let home = env::home_dir().expect("a home directory");
        let cases = [
            (r#"{"kind": "aws", "access-key": "AKIA", "secret-key": "x"}"#, CredentialSettings::Aws(keys(None))),
            (
                r#"{"kind": "aws", "access-key": "AKIA", "secret-key": "x", "session-token": {"$env": "CARGO_PKG_NAME"}}"#,
                CredentialSettings::Aws(keys(Some(secret("reddalert")))),
            ),
            (r#"{"kind": "aws", "from": "environment"}"#, CredentialSettings::Aws(AwsSettings::Environment)),
            (r#"{"kind": "aws", "profile": "audit"}"#, CredentialSettings::Aws(profile(home.join(".aws/credentials")))),
            (r#"{"kind": "aws", "profile": "audit", "file": "~/x"}"#, CredentialSettings::Aws(profile(home.join("x")))),
            (r#"{"kind": "aws", "profile": "audit", "file": "x"}"#, CredentialSettings::Aws(profile(directory.path().join("x")))),
            (
                r#"{"kind": "chef", "user": "u", "key": {"$file": "key.pem"}}"#,
                CredentialSettings::Chef { user: secret("u"), key: secret("PEM"), version: ChefVersion::V1_3 },
            ),
            (
                r#"{"kind": "chef", "user": "u", "key": "k", "version": "1.0"}"#,
                CredentialSettings::Chef { user: secret("u"), key: secret("k"), version: ChefVersion::V1_0 },
            ),
            (r#"{"kind": "bearer", "token": "t"}"#, CredentialSettings::Bearer { token: secret("t") }),
            (r#"{"kind": "basic", "user": "u", "password": "p"}"#, CredentialSettings::Basic { user: secret("u"), password: secret("p") }),
        ];
        for (text, expected) in cases {
            assert_eq!(read_text(text, directory.path()).as_ref(), Ok(&expected), "{text}");
        }
    }

    #[test]
    fn a_mistake_names_key_and_place_and_no_value() {
        let cases = [
            (r#"{"kind": "bearer"}"#, "1:1: expected the key `token`"),
            (r#"{"token": "hunter2"}"#, "1:1: expected the key `kind`: one of aws, chef, bearer, basic"),
            (
                r#"{"kind": "bearrer"}"#,
                "1:10: `kind`: there is no such kind of credential: did you mean `bearer`? (kinds: aws, chef, bearer, basic)",
            ),
            (
                r#"{"kind": "basic", "user": "u", "pasword": "hunter2"}"#,
                "1:32: `pasword`: a credential of this kind has no such key: did you mean `password`? (keys: kind, user, password)",
            ),
            (
                r#"{"kind": "bearer", "token": 31337}"#,
                "1:29: `token`: expected a secret: a text, `{\"$file\": \"PATH\"}` or `{\"$env\": \"NAME\"}`",
            ),
            (
                r#"{"kind": "chef", "user": "u", "key": "k", "version": "2"}"#,
                "1:54: `version`: expected one of `\"1.0\"`, `\"1.1\"`, `\"1.3\"`",
            ),
            (r#"{"kind": "aws", "from": "metadata"}"#, "1:25: `from`: expected `environment`"),
            (r#"{"kind": "aws", "file": "x"}"#, "1:17: `file`: `file` comes with `profile`: the name of a section in it"),
            (
                r#"{"kind": "aws", "profile": "p", "secret-key": "hunter2"}"#,
                "1:1: expected either `access-key` and `secret-key`, or `profile`, or `from`",
            ),
            (r#"{"kind": "aws", "access-key": "hunter2"}"#, "1:1: expected the key `secret-key`"),
        ];
        for (text, expected) in cases {
            assert_eq!(refusal(text), expected, "{text}");
        }
    }
}
