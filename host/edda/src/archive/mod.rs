//! The archive: documents with their revisions in one `SQLite` file, and the import that turns what the AWS command line prints into such
//! documents. A record belongs to a source (an account and region); records of different sources never end or replace each other. An import
//! is one transaction: it is there as a whole or not at all.

mod answer;
mod answer_json;
mod collections;
mod commands;
mod comparison;
mod document;
mod element_order;
mod error;
mod import;
mod import_error;
mod import_report;
mod reshape;
mod revisions;
mod schema;
mod selection;
mod shape;
mod shapes;
mod snapshot;
mod source;
mod store;

pub use answer::Input;
pub use collections::known_collections;
pub use error::ArchiveError;
pub use import::{ImportOptions, import};
pub use import_error::ImportError;
pub use import_report::{CollectionReport, ImportReport, IncompleteCollection, NamedDocument};
pub use store::Archive;
