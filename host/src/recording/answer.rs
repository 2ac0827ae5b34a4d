//! What a rule was told, as a recording has it.

use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::question::Question;
use crate::failure_kind::FailureKind;
use crate::inventory::{Answer as Found, Documents, QueryError};
use crate::network::{NetworkError, Response};
use crate::time_window::EpochMillis;

/// One answer on its way into a recording. Documents are written one by one, so that a large answer is never there twice.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told<'a> {
    Documents(Listed<'a>),
    Text(&'a str),
    KnownUntil(EpochMillis),
    Response(&'a Response),
    Open(bool),
    Error(Refused<'a>),
}

/// One answer as it is read. The documents are still text.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Answer<'a> {
    Documents(#[serde(borrow)] Vec<&'a RawValue>),
    Text(String),
    KnownUntil(EpochMillis),
    Response(Response),
    Open(bool),
    Error(RecordedError),
}

/// Why there was no answer.
#[derive(Serialize)]
pub(super) struct Refused<'a> {
    kind: FailureKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    message: &'a str,
}

/// The same, as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedError {
    pub(super) kind: FailureKind,
    #[serde(default)]
    pub(super) status: Option<u16>,
    pub(super) message: String,
}

/// A line holds no line break: outside of texts JSON takes a space as well. The documents keep their lengths.
pub(super) struct Listed<'a>(&'a Documents);

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for document in (0..self.0.len()).filter_map(|index| self.0.get(index)) {
            let line = document.replace(['\n', '\r'], " ");
            list.serialize_element(serde_json::from_str::<&RawValue>(&line).map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

impl<'a> Told<'a> {
    pub(super) fn documents(answer: &'a Result<Found, QueryError>) -> Self {
        answer.as_ref().map_or_else(Self::query_error, |found| Self::Documents(Listed(&found.documents)))
    }

    pub(super) fn text(answer: &'a Result<String, QueryError>) -> Self {
        answer.as_ref().map_or_else(Self::query_error, |text| Self::Text(text))
    }

    pub(super) fn known_until(answer: &'a Result<EpochMillis, String>) -> Self {
        let unknown = |message: &'a String| Self::Error(Refused { kind: FailureKind::Unavailable, status: None, message });
        answer.as_ref().map_or_else(unknown, |moment| Self::KnownUntil(*moment))
    }

    pub(super) fn response(answer: &'a Result<Response, NetworkError>) -> Self {
        answer.as_ref().map_or_else(Self::network_error, Self::Response)
    }

    pub(super) fn open(answer: &'a Result<bool, NetworkError>) -> Self {
        answer.as_ref().map_or_else(Self::network_error, |open| Self::Open(*open))
    }

    fn query_error(error: &'a QueryError) -> Self {
        Self::Error(Refused { kind: error.kind, status: error.status, message: &error.message })
    }

    fn network_error(error: &'a NetworkError) -> Self {
        Self::Error(Refused { kind: error.kind, status: None, message: &error.message })
    }
}

impl From<RecordedError> for QueryError {
    fn from(RecordedError { kind, status, message }: RecordedError) -> Self {
        Self { kind, status, message }
    }
}

impl From<RecordedError> for NetworkError {
    fn from(RecordedError { kind, message, .. }: RecordedError) -> Self {
        Self { kind, message }
    }
}

impl Answer<'_> {
    /// Whether a question can have such an answer.
    pub(super) fn answers(&self, question: &Question) -> bool {
        matches!(
            (self, question),
            (Self::Error(_), _)
                | (Self::Documents(_), Question::Documents { .. })
                | (Self::Text(_), Question::Text { .. })
                | (Self::KnownUntil(_), Question::KnownUntil { .. })
                | (Self::Response(_), Question::Send(_))
                | (Self::Open(_), Question::Probe { .. })
        )
    }
}
