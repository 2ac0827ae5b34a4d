//! The content of a request or an answer in JSON: as text where it is text, else in base64.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Content<'a> {
    Text(std::borrow::Cow<'a, str>),
    Base64(String),
}

pub(super) fn serialize<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(content) {
        Ok(text) => Content::Text(text.into()),
        Err(_) => Content::Base64(BASE64_STANDARD.encode(content)),
    }
    .serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Content::deserialize(deserializer)? {
        Content::Text(text) => Ok(text.into_owned().into_bytes()),
        Content::Base64(text) => BASE64_STANDARD.decode(text).map_err(D::Error::custom),
    }
}
