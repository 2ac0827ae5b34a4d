//! `Authorization: Bearer` and `Authorization: Basic`: the secret itself in a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::error::CredentialError;
use crate::settings::Secret;

/// A ready header. `Debug` shows that it is sensitive, and not what it says.
#[derive(Clone, Debug)]
pub struct Authorization(HeaderValue);

impl Authorization {
    /// `Bearer <token>`.
    pub(super) fn bearer(token: &Secret) -> Result<Self, CredentialError> {
        Self::of(&format!("Bearer {}", token.expose()), "token")
    }

    /// `Basic <user:password in base64>`.
    pub(super) fn basic(user: &Secret, password: &Secret) -> Result<Self, CredentialError> {
        if user.expose().contains(':') {
            return Err(CredentialError::Colon);
        }
        Self::of(&format!("Basic {}", STANDARD.encode(format!("{}:{}", user.expose(), password.expose()))), "password")
    }

    fn of(header: &str, field: &'static str) -> Result<Self, CredentialError> {
        let mut value = HeaderValue::from_str(header).map_err(|_| CredentialError::Unsendable(field))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Sets the header.
    pub(super) fn add_to(&self, request: &mut reqwest::Request) {
        request.headers_mut().insert(AUTHORIZATION, self.0.clone());
    }
}
