//! Secrets of the config: a text, `{"$file": "..."}` or `{"$env": "..."}`. What is secret is shown by nothing: neither by `Debug` nor by a
//! mistake. Allowed only in keys that the host owns; a rule never gets one.

use std::env::{self, VarError};
use std::fmt;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use super::mistake::Mistake;
use super::reader::Entry;
use super::suggestion::did_you_mean;
use crate::visible_text::visible;

/// The key of the object that names a file with the secret.
const FILE: &str = "$file";
/// The key of the object that names an environment variable with the secret.
const ENVIRONMENT: &str = "$env";
/// How large a file with a secret may be. A private key has some KiB.
const FILE_BYTES: u64 = 64 << 10;

/// A text that nobody is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Makes a secret of a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Reads the value of `entry`. A relative file is taken from `directory`, and the line breaks at its end are no part of the secret.
    ///
    /// # Errors
    /// It is neither a text nor one of the two objects; the file or the variable cannot be read; the secret is empty.
    pub(super) fn read(entry: &Entry<'_>, directory: &Path) -> Result<Self, Mistake> {
        let secret = match (entry.text(), entry.object()) {
            (Ok(text), _) => text.to_owned(),
            (_, Ok(members)) => match members.as_slice() {
                [place] => read_place(place, directory)?,
                _ => return Err(wrong_form(entry)),
            },
            _ => return Err(wrong_form(entry)),
        };
        if secret.is_empty() { Err(entry.wrong_value("this secret is empty")) } else { Ok(Self(secret)) }
    }

    /// Reads the file that `entry`, a text, names: what older configs call a key file.
    ///
    /// # Errors
    /// It is no text; the file cannot be read, or is empty.
    pub(super) fn read_file(entry: &Entry<'_>, directory: &Path) -> Result<Self, Mistake> {
        let secret = file_text(entry, directory)?;
        if secret.is_empty() { Err(entry.wrong_value("this secret is empty")) } else { Ok(Self(secret)) }
    }

    /// The secret itself. Only for what needs it: never for a message, a log or a file.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// `***`.
impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Whether the members of an object say where a secret is, rightly or not.
pub(super) fn names_a_secret<'a>(mut keys: impl Iterator<Item = &'a str>) -> bool {
    keys.any(|key| key == FILE || key == ENVIRONMENT)
}

/// Says nothing about what was found, which may be the secret.
fn wrong_form(entry: &Entry<'_>) -> Mistake {
    entry.wrong_value(r#"expected a secret: a text, `{"$file": "PATH"}` or `{"$env": "NAME"}`"#)
}

fn read_place(place: &Entry<'_>, directory: &Path) -> Result<String, Mistake> {
    match place.name() {
        FILE => file_text(place, directory),
        ENVIRONMENT => variable(place),
        other => {
            Err(place
                .wrong_key(format!("a secret has no such key{} (keys: {FILE}, {ENVIRONMENT})", did_you_mean(other, [FILE, ENVIRONMENT]))))
        }
    }
}

fn file_text(entry: &Entry<'_>, directory: &Path) -> Result<String, Mistake> {
    // What stands in the place of the path may be the secret itself.
    let file = directory.join(entry.filled_text().map_err(|_| entry.wrong_value("expected the path of a file"))?);
    let wrong = |what: String| entry.wrong_value(format!("the file `{}` {what}", visible(&file.to_string_lossy())));
    let unreadable = |error: std::io::Error| wrong(format!("cannot be read: {error}"));
    // Opening a FIFO would wait for somebody to write.
    if !fs::metadata(&file).map_err(unreadable)?.is_file() {
        return Err(wrong("is no regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(&file).and_then(|open| open.take(FILE_BYTES + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(wrong(format!("has more than {} KiB, too much for a secret", FILE_BYTES >> 10)));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8 text".to_owned()))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn variable(entry: &Entry<'_>) -> Result<String, Mistake> {
    let name = entry.filled_text().map_err(|_| entry.wrong_value("expected the name of an environment variable"))?;
    // The operating system knows no such names, and asking for one panics on some.
    if name.contains(['=', '\0']) {
        return Err(entry.wrong_value("expected the name of an environment variable"));
    }
    env::var(name).map_err(|error| {
        let what = match error {
            VarError::NotPresent => "is not set",
            VarError::NotUnicode(_) => "is not UTF-8 text",
        };
        entry.wrong_value(format!("the environment variable `{}` {what}", visible(name)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::reader::read_document;
    use super::*;

    /// The canary must not be in any message.
    const CANARY: &str = "31415926";

    fn read(text: &str, directory: &Path) -> Result<Secret, Mistake> {
        read_document(text, |root| Secret::read(root, directory)).expect("JSON")
    }

    fn refusal(text: &str, directory: &Path) -> String {
        let mistake = read(text, directory).expect_err(text).to_string();
        assert!(!mistake.contains(CANARY), "{mistake}");
        mistake
    }

    fn directory(name: &str, bytes: &[u8]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(name), bytes).expect("a file");
        directory
    }

    #[test]
    fn a_secret_is_a_text_a_file_or_a_variable() {
        let directory = directory("key", b"line one\nline two\r\n\n");
        let cases =
            [(r#""hunter2 ""#, "hunter2 "), (r#"{"$file": "key"}"#, "line one\nline two"), (r#"{"$env": "CARGO_PKG_NAME"}"#, "reddalert")];
        for (text, secret) in cases {
            assert_eq!(read(text, directory.path()).as_ref().map(Secret::expose), Ok(secret), "{text}");
        }
    }

    #[test]
    fn nothing_shows_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
    }

    #[test]
    fn what_is_no_secret_is_refused_without_being_shown() {
        let here = tempfile::tempdir().expect("a directory");
        let form = r#"1:1: expected a secret: a text, `{"$file": "PATH"}` or `{"$env": "NAME"}`"#;
        for text in [CANARY, "null", r#"["31415926"]"#, "{}", r#"{"$file": "31415926", "$env": "31415926"}"#] {
            assert_eq!(refusal(text, here.path()), form);
        }
        assert_eq!(refusal(r#""""#, here.path()), "1:1: this secret is empty");
        assert_eq!(
            refusal(r#"{"$flie": "31415926"}"#, here.path()),
            "1:2: `$flie`: a secret has no such key: did you mean `$file`? (keys: $file, $env)"
        );
        assert!(refusal(r#"{"$env": "NO_SUCH_VARIABLE"}"#, here.path()).ends_with("variable `NO_SUCH_VARIABLE` is not set"));
        assert!(refusal(r#"{"$env": "A=B"}"#, here.path()).ends_with("expected the name of an environment variable"));
    }

    #[test]
    fn a_file_that_cannot_hold_a_secret_is_named() {
        let directory = directory("large", "x".repeat((64 << 10) + 1).as_bytes());
        fs::write(directory.path().join("binary"), b"31415926\xff").expect("a file");
        fs::write(directory.path().join("empty"), b"\n").expect("a file");
        for (file, what) in [
            ("large", "has more than 64 KiB, too much for a secret"),
            ("binary", "is not UTF-8 text"),
            (".", "is no regular file"),
            ("absent", "cannot be read: No such file or directory (os error 2)"),
        ] {
            let said = refusal(&format!(r#"{{"$file": "{file}"}}"#), directory.path());
            let expected = format!("1:11: `$file`: the file `{}` {what}", directory.path().join(file).display());
            assert_eq!(said, expected);
        }
        assert_eq!(refusal(r#"{"$file": "empty"}"#, directory.path()), "1:1: this secret is empty");
    }
}
