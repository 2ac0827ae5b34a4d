//! EDDA's query language. A request is what follows `/api/v2/` in an address:
//!
//! ```text
//! aws/iamUsers/alice;_since=1400000000000;_diff=3
//! view/instances;_expand;state.name=running:(instanceId,tags:(key,value))
//! ```
//!
//! It is read in steps, a file each: `path` cuts it, `arguments` reads what stands behind semicolons, `times` and `select` turn these
//! into conditions, [`selector`] reads what stands in parentheses, [`request`] decides what is asked, and [`mod@answer`] answers it from a store.
//! Answers equal EDDA's byte for byte; where they differ on purpose, a constant of [`deviations`] says how and why.

pub mod answer;
pub mod cover;
pub mod deviations;
pub mod projection;
pub mod refusal;
pub mod request;
pub mod selector;

mod arguments;
mod diff;
mod filter;
mod flatten;
mod matcher;
mod path;
mod select;
mod selector_grammar;
mod times;
pub(crate) mod unified_diff;

pub use answer::{Head, answer, documents};
pub use cover::{Cover, Covered};
pub use path::split_selector;
pub use projection::ProjectionError;
pub use refusal::Refusal;
pub use request::{Query, Request};
pub use selector::Selector;
pub use selector_grammar::SelectorError;
