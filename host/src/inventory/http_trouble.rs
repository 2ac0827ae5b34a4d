//! What went wrong with a request to EDDA: how a rule is told, and whether a new try can help.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};

use super::fault::{EddaRefusal, QueryError};
use super::http::BodyError;
use super::splitter::quote;
use crate::failure_kind::FailureKind;

/// A try that failed.
#[derive(Debug)]
pub(super) struct Trouble {
    error: QueryError,
    /// True when a new try can help.
    pub(super) again: bool,
    /// How long the server wants to be left alone.
    pub(super) wait: Option<Duration>,
}

impl Trouble {
    fn passing(error: QueryError) -> Self {
        Self { error, again: true, wait: None }
    }

    /// The error to report after so many tries.
    pub(super) fn after(self, tries: u32) -> QueryError {
        let Self { mut error, again, .. } = self;
        if again && tries > 1 {
            error.message = format!("{} ({tries} tries)", error.message);
        }
        error
    }

    /// The connection did not come about, or broke.
    pub(super) fn of_transport(edda: &str, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let cause = root_cause(&error);
        let unavailable = |message: String| QueryError::new(FailureKind::Unavailable, message);
        if error.is_builder() {
            return QueryError::bad_request(format!("the path cannot be sent to EDDA: {cause}")).into();
        }
        if error.is_connect() {
            let cause = if error.is_timeout() { "nothing answers there in time".to_owned() } else { cause };
            let advice = "check `edda` in the settings, and whether the server runs";
            return Self::passing(unavailable(format!("EDDA at {edda} cannot be reached: {cause}; {advice}")));
        }
        if error.is_timeout() {
            let message = format!("EDDA at {edda} fell silent in the middle of an answer or before it");
            return QueryError::new(FailureKind::TimedOut, message).into();
        }
        Self::passing(unavailable(format!("EDDA at {edda} broke off its answer: {cause}")))
    }

    /// The answer came with a bad status and this page.
    pub(super) fn of_status(edda: &str, status: StatusCode, headers: &HeaderMap, page: &[u8]) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            error: refusal(edda, status, text(LOCATION), page),
            again: matches!(status.as_u16(), 429 | 502 | 503 | 504),
            wait: text(RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs),
        }
    }
}

impl From<QueryError> for Trouble {
    fn from(error: QueryError) -> Self {
        Self { error, again: false, wait: None }
    }
}

impl From<BodyError> for Trouble {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::CutOff(error) => Self::passing(error),
            BodyError::Bad(error) => error.into(),
        }
    }
}

fn refusal(edda: &str, status: StatusCode, location: Option<&str>, page: &[u8]) -> QueryError {
    if let Some(refusal) = EddaRefusal::parse(page) {
        return QueryError::refused(status.as_u16(), refusal.message);
    }
    let place = location.filter(|_| status.is_redirection()).map(|place| format!(" and sends us to `{}`", quote(place.as_bytes())));
    let words = if page.is_empty() { String::new() } else { format!(": `{}`", quote(page)) };
    let message = format!("EDDA at {edda} answers {status}{}{words}", place.unwrap_or_default());
    let mut error = QueryError::refused(status.as_u16(), message);
    // EDDA says in JSON that a document is missing. A page comes from something else, and then nothing is known about the document.
    if error.kind == FailureKind::NotFound && page.trim_ascii_start().starts_with(b"<") {
        error.kind = FailureKind::Unavailable;
        error.message += "; this is no answer of an EDDA, check `edda` in the settings";
    }
    error
}

/// The innermost cause: what the operating system or the other side said.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(status: u16, page: &str) -> Trouble {
        Trouble::of_status("http://edda", StatusCode::from_u16(status).expect("a status"), &HeaderMap::new(), page.as_bytes())
    }

    #[test]
    fn eddas_message_is_kept_word_for_word() {
        let words = "_diff requires at least 2 documents, only 1 found";
        let error = trouble(400, &format!(r#"{{"code":400,"name":"BAD_REQUEST","message":"{words}"}}"#)).after(1);
        assert_eq!(error, QueryError { kind: FailureKind::BadRequest, status: Some(400), message: words.to_owned() });
    }

    #[test]
    fn a_missing_document_is_not_a_missing_edda() {
        assert_eq!(trouble(404, r#"{"code":404,"message":"no"}"#).after(1).kind, FailureKind::NotFound);
        assert_eq!(trouble(410, "").after(1).kind, FailureKind::NotFound);
        let error = trouble(404, " <html>Not Found</html>").after(1);
        assert_eq!((error.kind, error.status), (FailureKind::Unavailable, Some(404)));
        assert!(error.message.ends_with("check `edda` in the settings"), "{error}");
    }

    #[test]
    fn only_passing_troubles_are_tried_again() {
        let statuses = [301, 400, 403, 404, 410, 429, 500, 502, 503, 504];
        let again: Vec<u16> = statuses.into_iter().filter(|status| trouble(*status, "").again).collect();
        assert_eq!(again, [429, 502, 503, 504]);
    }

    #[test]
    fn other_words_are_quoted_safely_and_with_the_tries() {
        let error = trouble(503, "busy\u{1b}[0m").after(3);
        assert_eq!(error.message, r"EDDA at http://edda answers 503 Service Unavailable: `busy\u{1b}[0m` (3 tries)");
    }
}
