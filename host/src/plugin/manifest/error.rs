//! Why a manifest cannot be used: what is wrong with it, and what its author should do.

use std::str::Utf8Error;

use super::section::{SECTION, SECTION_BYTES};
use super::settings_schema::InvalidSchema;

/// What is wrong with a manifest. Each text goes on from the name of the rule's file.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be searched for one.
    #[error("its manifest cannot be looked for; build the rule again")]
    Malformed(#[source] wasmparser::BinaryReaderError),
    /// There is more than one.
    #[error("it has more than one manifest; leave a single custom section `{SECTION}` in it")]
    Twice,
    /// It belongs to a component that the rule was composed of.
    #[error(
        "it has a manifest in a component inside it; a manifest is a custom section `{SECTION}` of the whole rule or of a core module in it"
    )]
    InnerComponent,
    /// Too many bytes.
    #[error("its manifest has {bytes} bytes; at most {} KiB are read", SECTION_BYTES >> 10)]
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// Bytes that are no text.
    #[error("its manifest is not UTF-8 text")]
    NoText(#[source] Utf8Error),
    /// No JSON, JSON twice, nested too deeply, or a key that stands twice.
    #[error("its manifest is not one JSON object")]
    NoJson(#[source] serde_json::Error),
    /// A key or value that nobody understands.
    #[error("its manifest is wrong: {0}")]
    Wrong(String),
    /// The schema of the settings.
    #[error("its manifest is wrong: the JSON Schema in `settings` cannot be used")]
    Schema(#[source] InvalidSchema),
}
