//! Reads the file of credentials that AWS's tools share: sections in brackets, a key and its value a line.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::aws::AwsKeys;
use super::error::CredentialError;
use crate::settings::Secret;
use crate::settings::suggestion::did_you_mean;
use crate::visible_text::visible;

/// How large the file may be.
const FILE_BYTES: u64 = 1 << 20;

/// The keys of a profile.
pub(super) fn read(file: &Path, profile: &str) -> Result<AwsKeys, CredentialError> {
    let text = text(file).map_err(|source| CredentialError::Unreadable { file: file.to_owned(), source })?;
    keys(&text, profile).map_err(|what| CredentialError::Profile { file: file.to_owned(), what })
}

fn text(file: &Path) -> io::Result<String> {
    // Opening a FIFO would wait for somebody to write.
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    File::open(file)?.take(FILE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// Says which sections there are, and never a line: it may hold a secret.
fn keys(text: &str, profile: &str) -> Result<AwsKeys, String> {
    let sections = sections(text);
    let Some(section) = sections.get(profile) else {
        let suggestion = did_you_mean(profile, sections.keys().copied());
        return Err(format!("has no section `[{}]`{}", visible(profile), visible(&suggestion)));
    };
    let secret = |key: &str| section.get(key).filter(|value| !value.is_empty()).map(|value| Secret::new(*value));
    let required = |key: &str| secret(key).ok_or_else(|| format!("has no `{key}` in its section `[{}]`", visible(profile)));
    Ok(AwsKeys {
        access_key: required("aws_access_key_id")?,
        secret_key: required("aws_secret_access_key")?,
        session_token: secret("aws_session_token"),
    })
}

fn sections(text: &str) -> BTreeMap<&str, BTreeMap<String, &str>> {
    let (mut sections, mut name) = (BTreeMap::<&str, BTreeMap<String, &str>>::new(), None);
    // Indented lines belong to a value of several lines, which no key is.
    for line in text.lines().filter(|line| !line.starts_with([' ', '\t', '#', ';'])) {
        if let Some(rest) = line.strip_prefix('[') {
            name = rest.split_once(']').map(|(name, _)| name.trim());
            sections.entry(name.unwrap_or_default()).or_default();
        } else if let Some((key, value)) = line.split_once('=') {
            let section = sections.entry(name.unwrap_or_default()).or_default();
            section.insert(key.trim().to_ascii_lowercase(), value.trim());
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Keys.\n[default]\naws_access_key_id = AKIDEFAULT\naws_secret_access_key=hunter2=\n\n\
                        [ audit ] ; comment\r\nAWS_ACCESS_KEY_ID=AKIAUDIT\r\naws_secret_access_key = s3cret/+=\r\naws_session_token = token==\r\n  nested = x\r\n\
                        [empty]\nregion = eu-west-1\n[half]\naws_access_key_id = AKIHALF\naws_secret_access_key =\n";

    #[test]
    fn a_profile_is_found_by_name() {
        let shown = |profile| {
            let keys = keys(FILE, profile).expect("keys");
            let token = keys.session_token.as_ref().map(|token| token.expose().to_owned());
            (keys.access_key.expose().to_owned(), keys.secret_key.expose().to_owned(), token)
        };
        assert_eq!(shown("default"), ("AKIDEFAULT".into(), "hunter2=".into(), None));
        assert_eq!(shown("audit"), ("AKIAUDIT".into(), "s3cret/+=".into(), Some("token==".into())));
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_else() {
        assert_eq!(keys(FILE, "audti").expect_err("no such profile"), "has no section `[audti]`: did you mean `audit`?");
        assert_eq!(keys(FILE, "empty").expect_err("no key"), "has no `aws_access_key_id` in its section `[empty]`");
        assert_eq!(keys(FILE, "half").expect_err("no key"), "has no `aws_secret_access_key` in its section `[half]`");
        for text in ["", "[", "]", "=", "[]\n=", "hunter2"] {
            assert!(!keys(text, "default").expect_err("no keys").contains("hunter2"));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = read(Path::new("/no/such/file"), "default").expect_err("no file").to_string();
        assert_eq!(error, "the credentials file /no/such/file cannot be read");
        assert!(read(Path::new("/"), "default").is_err());
    }
}
