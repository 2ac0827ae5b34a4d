//! Why there is no credential, and why a request cannot be signed. No text of these holds a secret.

use std::io;
use std::path::PathBuf;

use crate::visible_text::visible;

/// Why a credential cannot be made of the settings.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// A variable that AWS's own tools set is missing.
    #[error("the environment variable `{0}` is not set; `\"from\": \"environment\"` takes AWS's keys from there")]
    NoVariable(&'static str),
    /// The shared file cannot be read.
    #[error("the credentials file {} cannot be read", visible(&file.to_string_lossy()))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The shared file lacks something.
    #[error("the credentials file {} {what}", visible(&file.to_string_lossy()))]
    Profile {
        /// The file.
        file: PathBuf,
        /// What it lacks.
        what: String,
    },
    /// The private key is none.
    #[error(
        "the key is no RSA private key in PEM: expected text from `-----BEGIN RSA PRIVATE KEY-----` or `-----BEGIN PRIVATE KEY-----` on, without a passphrase"
    )]
    NoKey,
    /// A character that no header can hold.
    #[error("`{0}` has a character that cannot be sent, such as a line break")]
    Unsendable(&'static str),
    /// Basic authentication ends the user's name at the first colon.
    #[error("`user` has a colon, which ends a user's name")]
    Colon,
}

/// Why a request cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The body is not in memory.
    #[error("the body of this request cannot be read before it is sent, so it cannot be signed")]
    UnreadableBody,
    /// AWS signs for a service.
    #[error("the host `{}` does not tell which service of AWS it is: name it in the option `aws-service`, and the region in `aws-region`", visible(.0))]
    UnknownService(String),
    /// An option that cannot be part of a signature.
    #[error("the option `{name}` is no name of AWS: expected letters, digits and hyphens, as in `{example}`")]
    BadOption {
        /// The option.
        name: &'static str,
        /// A right value.
        example: &'static str,
    },
    /// AWS's library says no.
    #[error("AWS's way to sign does not fit this request")]
    Aws(#[source] aws_sigv4::http_request::SigningError),
    /// The key does not sign. Before 1.3 Chef signs a text that holds the user's name and must fit into the key.
    #[error("the private key cannot sign this request; with a long user's name, Chef's version 1.3 is needed")]
    Key,
    /// A clock far from any calendar.
    #[error("the time of this machine cannot be part of a signature")]
    Time,
    /// A header that cannot be sent.
    #[error("the signature makes a header that cannot be sent")]
    Header,
}
