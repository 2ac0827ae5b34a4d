//! An embedded inventory that answers as Netflix EDDA does: documents with their revisions in time, and the query language of its REST
//! interface. Nothing here knows of HTTP, of rules, or of the program around it.

pub mod archive;
pub mod memory_store;
pub mod parse;
pub mod query;
pub mod record;
mod render;
pub mod scanner;
pub mod value;

pub use memory_store::MemoryStore;
pub use record::{Record, RecordStore, Selection, StoreError, StoredText, TimeCondition, TimeConditions};
pub use value::{EpochMillis, Object, Value};
