//! The certificates of a private authority: the file that the key `ca` of a grant names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};

/// What a file of certificates holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// The file.
    pub file: PathBuf,
    /// At least one.
    pub list: Vec<CertificateDer<'static>>,
}

/// A file that holds no certificates.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvalidCertificates {
    /// The file cannot be read.
    #[error("cannot read the certificates in {}: {source}", .file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    /// The file is no PEM.
    #[error("{} holds no certificates: expected PEM text, `-----BEGIN CERTIFICATE-----`", .file.display())]
    NotPem { file: PathBuf },
}

impl Certificates {
    pub(super) fn read(file: &Path) -> Result<Self, InvalidCertificates> {
        let bytes = fs::read(file).map_err(|source| InvalidCertificates::Unreadable { file: file.to_owned(), source })?;
        let list: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&bytes).collect();
        match list {
            Ok(list) if !list.is_empty() => Ok(Self { file: file.to_owned(), list }),
            _ => Err(InvalidCertificates::NotPem { file: file.to_owned() }),
        }
    }
}
