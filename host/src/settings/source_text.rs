//! The text of the config file, kept to point at places in it later on. It may hold secrets, so nothing shows it.

use std::fmt;
use std::sync::Arc;

/// The text of the config file.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SourceText(Arc<str>);

impl SourceText {
    /// Keeps a copy.
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// That of an empty config.
impl Default for SourceText {
    fn default() -> Self {
        Self::new("{}")
    }
}

/// Only its length.
impl fmt::Debug for SourceText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.0.len())
    }
}
