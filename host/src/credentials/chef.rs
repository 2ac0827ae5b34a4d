//! Chef's X-Ops headers: who asks, when, what, and a signature over these.
//!
//! | version | signs | how |
//! | --- | --- | --- |
//! | 1.0 | method, SHA-1 of path and body, time, user | the text itself, encrypted with the private key |
//! | 1.1 | as 1.0, with the SHA-1 of the user's name | as 1.0 |
//! | 1.3 | method, path, SHA-256 of the body, time, user, version of the server's interface | PKCS #1 1.5 with SHA-256 |

use std::fmt;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::{HeaderName, HeaderValue};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Sign, PrivateKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::error::{CredentialError, SigningError};
use crate::settings::{ChefVersion, Secret};

/// The signature stands in headers of this name and a number from 1 on.
const SIGNATURE_HEADER: &str = "x-ops-authorization-";
/// How much of the signature is in each of them, in characters.
const SIGNATURE_LINE: usize = 60;
const SERVER_VERSION_HEADER: &str = "x-ops-server-api-version";
/// The version of the server's interface that every server speaks.
const SERVER_VERSION: &str = "0";

/// A client of a Chef server.
#[derive(Clone)]
pub struct ChefClient {
    user: String,
    key: PrivateKey,
    version: ChefVersion,
}

/// Nothing of the key.
impl fmt::Debug for ChefClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChefClient").field("version", &self.version).finish_non_exhaustive()
    }
}

impl ChefClient {
    /// A client of that name and key.
    pub(super) fn new(user: &Secret, key: &Secret, version: ChefVersion) -> Result<Self, CredentialError> {
        HeaderValue::from_str(user.expose()).map_err(|_| CredentialError::Unsendable("user"))?;
        let pem = key.expose().trim();
        let key = PrivateKey::from_pkcs1_pem(pem).ok().or_else(|| PrivateKey::from_pkcs8_pem(pem).ok()).ok_or(CredentialError::NoKey)?;
        Ok(Self { user: user.expose().to_owned(), key, version })
    }

    /// Adds the headers.
    pub(super) fn sign(&self, request: &mut reqwest::Request, now: SystemTime) -> Result<(), SigningError> {
        let body = match request.body() {
            None => &[][..],
            Some(body) => body.as_bytes().ok_or(SigningError::UnreadableBody)?,
        };
        let server_version = request.headers().get(SERVER_VERSION_HEADER).and_then(|value| value.to_str().ok()).unwrap_or(SERVER_VERSION);
        let server_version = server_version.to_owned();
        let question = Question {
            method: request.method().as_str(),
            path: canonical_path(request.url().path()),
            content_hash: self.digest(body),
            time: time(now)?,
            server_version: &server_version,
        };
        let signature = self.signature(&self.text(&question))?;
        let (algorithm, version) = match self.version {
            ChefVersion::V1_0 => ("sha1", "1.0"),
            ChefVersion::V1_1 => ("sha1", "1.1"),
            ChefVersion::V1_3 => ("sha256", "1.3"),
        };
        let headers = [
            ("x-ops-sign", format!("algorithm={algorithm};version={version};")),
            ("x-ops-userid", self.user.clone()),
            ("x-ops-timestamp", question.time),
            ("x-ops-content-hash", question.content_hash),
            (SERVER_VERSION_HEADER, server_version.clone()),
        ];
        remove_signature(request);
        headers.into_iter().try_for_each(|(name, value)| insert(request, name, &value))?;
        for (number, line) in (1..).zip(signature.as_bytes().chunks(SIGNATURE_LINE)) {
            insert(request, &format!("{SIGNATURE_HEADER}{number}"), &String::from_utf8_lossy(line))?;
        }
        Ok(())
    }

    fn text(&self, question: &Question<'_>) -> String {
        let Question { method, path, content_hash, time, server_version } = question;
        let user = if self.version == ChefVersion::V1_1 { self.digest(self.user.as_bytes()) } else { self.user.clone() };
        match self.version {
            ChefVersion::V1_0 | ChefVersion::V1_1 => {
                let path = self.digest(path.as_bytes());
                format!(
                    "Method:{method}\nHashed Path:{path}\nX-Ops-Content-Hash:{content_hash}\nX-Ops-Timestamp:{time}\nX-Ops-UserId:{user}"
                )
            }
            ChefVersion::V1_3 => format!(
                "Method:{method}\nPath:{path}\nX-Ops-Content-Hash:{content_hash}\nX-Ops-Sign:version=1.3\nX-Ops-Timestamp:{time}\n\
                 X-Ops-UserId:{user}\nX-Ops-Server-API-Version:{server_version}"
            ),
        }
    }

    /// The digest of the version, in base64.
    fn digest(&self, bytes: &[u8]) -> String {
        match self.version {
            ChefVersion::V1_0 | ChefVersion::V1_1 => STANDARD.encode(Sha1::digest(bytes)),
            ChefVersion::V1_3 => STANDARD.encode(Sha256::digest(bytes)),
        }
    }

    fn signature(&self, text: &str) -> Result<String, SigningError> {
        let signed = match self.version {
            ChefVersion::V1_0 | ChefVersion::V1_1 => self.key.sign(Pkcs1v15Sign::new_unprefixed(), text.as_bytes()),
            ChefVersion::V1_3 => self.key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text)),
        };
        signed.map(|bytes| STANDARD.encode(bytes)).map_err(|_| SigningError::Key)
    }
}

/// What is signed of a request.
struct Question<'a> {
    method: &'a str,
    path: String,
    content_hash: String,
    time: String,
    server_version: &'a str,
}

/// Without repeated slashes, and without one at the end.
fn canonical_path(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

fn time(now: SystemTime) -> Result<String, SigningError> {
    let now = Timestamp::try_from(now).map_err(|_| SigningError::Time)?;
    Ok(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// What the rule may have put there.
fn remove_signature(request: &mut reqwest::Request) {
    let names: Vec<HeaderName> = request.headers().keys().filter(|name| name.as_str().starts_with(SIGNATURE_HEADER)).cloned().collect();
    for name in names {
        request.headers_mut().remove(name);
    }
}

fn insert(request: &mut reqwest::Request, name: &str, value: &str) -> Result<(), SigningError> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| SigningError::Header)?;
    let value = HeaderValue::from_str(value).map_err(|_| SigningError::Header)?;
    request.headers_mut().insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_single_slashes() {
        for (path, canonical) in [("/", "/"), ("", "/"), ("/nodes/", "/nodes"), ("//search///node", "/search/node"), ("/a%20b", "/a%20b")] {
            assert_eq!(canonical_path(path), canonical);
        }
    }
}
