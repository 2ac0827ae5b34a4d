//! What can go wrong: a call that the host refused or that failed, and a rule that cannot go on.

use std::fmt;

/// Why a call was refused or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Not granted, or not allowed at this moment.
    Denied,
    /// The rule asked for something malformed.
    BadRequest,
    /// No such collection, document or host name.
    NotFound,
    /// The other side is down, or answered nonsense. Trying again later may help.
    Unavailable,
    /// No answer came in time.
    TimedOut,
    /// One of the rule's limits.
    OverLimit,
    /// Something that this version of the SDK has no word for.
    Other,
}

/// A call of the host that was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Why.
    pub kind: ErrorKind,
    /// The status of an HTTP answer, if one came.
    pub status: Option<u16>,
    /// For people. EDDA's own message word for word, where EDDA gave one.
    pub message: String,
}

#[cfg(not(target_arch = "wasm32"))]
impl CallError {
    pub(crate) fn denied(what: &str) -> Self {
        Self { kind: ErrorKind::Denied, status: None, message: format!("`{what}` is not granted") }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for CallError {}

/// Why a rule cannot go on, in words for the operator. Any error becomes one with `?`; a text of one's own with [`Error::new`].
///
/// It is no [`std::error::Error`] itself, as that would be at odds with taking in all of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error with this text: a lower-case fragment without a full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self(message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(CallError);

    impl fmt::Display for Outer {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("the machines cannot be read")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_error_tells_its_causes() {
        let cause = CallError { kind: ErrorKind::Unavailable, status: Some(503), message: "EDDA is down".into() };
        assert_eq!(Error::from(Outer(cause)).to_string(), "the machines cannot be read: EDDA is down");
    }
}
