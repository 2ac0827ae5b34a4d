//! Cases of rules: a directory says what a rule is given (settings, status, windows, inventory, web) and what has to come of it. Nothing here
//! knows how a rule is run; the program runs components on cases, the SDK runs the same cases natively. `docs/cases.md` is the format for people.

mod case;
mod comparison;
mod error;
mod expected;
mod inventory;
mod json_text;
mod moment;
mod web;

pub use self::case::{Case, INVENTORY, RECORDING, Run, cases_in};
pub use self::comparison::{Line, difference};
pub use self::error::CaseError;
pub use self::expected::{Alert, Defaults, Expected, RunResult, Skipped};
pub use self::inventory::Inventory;
pub use self::web::{Answer, Failure, FailureKind, Web};
