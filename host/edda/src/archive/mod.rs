//! The archive: documents with their revisions in one `SQLite` file, and the import that turns what the AWS command line prints into such
//! documents. A record belongs to a source (an account and region); records of different sources never end or replace each other. An import
//! is one transaction: it is there as a whole or not at all.

mod answer;
mod answer_json;
mod calls;
mod collected;
mod collection;
mod collections;
mod commands;
mod comparison;
mod derived;
mod document;
mod edda_answer;
mod element_order;
mod entry;
mod error;
mod export;
mod extended_json;
mod history;
mod import;
mod import_error;
mod import_report;
mod past;
mod prune;
mod records;
mod reshape;
mod revision_list;
mod revisions;
mod schema;
mod selection;
mod shape;
mod shapes;
mod snapshot;
mod source;
mod statistics;
mod store;

pub use answer::{Input, Manner};
pub use calls::{Call, UnknownCollection, Wanted, needed_actions};
pub use collected::{CollectedFrom, import_collected};
pub use collections::known_collections;
pub use edda_answer::document_id;
pub use error::ArchiveError;
pub use export::ExportError;
pub use history::{Event, EventKind, HistoryError, HistoryRequest};
pub use import::{ImportOptions, import, import_with};
pub use import_error::ImportError;
pub use import_report::{CollectionReport, ImportReport, IncompleteCollection, NamedDocument};
pub use records::{RecordLines, import_records};
pub use revision_list::Load;
pub use statistics::{FileSize, SourceStatistics};
pub use store::Archive;
