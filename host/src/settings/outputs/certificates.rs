//! `ca`: the certificates that a server's certificate has to come from, instead of those that the system trusts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;

/// The content of a PEM file with at least one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedCertificates {
    /// Where they were read.
    pub file: PathBuf,
    /// The PEM text.
    pub pem: Vec<u8>,
}

impl TrustedCertificates {
    /// Reads the file that the entry names.
    ///
    /// # Errors
    /// The file cannot be read, or holds no certificate.
    pub(super) fn read(entry: &Entry<'_>, directory: &Path) -> Result<Self, Mistake> {
        let file = directory.join(entry.filled_text()?);
        let wrong = |what: String| entry.wrong_value(format!("the file `{}` {what}", file.display()));
        let pem = fs::read(&file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        match reqwest::Certificate::from_pem_bundle(&pem) {
            Ok(certificates) if !certificates.is_empty() => Ok(Self { file, pem }),
            _ => Err(wrong("holds no certificate: expected PEM, `-----BEGIN CERTIFICATE-----`".to_owned())),
        }
    }
}
