//! What rules asked and were told in a run, kept in a file, so that a rule can be run again on exactly that with nothing else reachable.
//!
//! A recording is JSON lines: a header, for each rule one line about its start, one line for each answer that it got, and one line that says
//! that nothing is missing. `docs/recordings.md` describes them for people, `line` for the program. Requests are kept as the rule wrote them,
//! before anything is signed: no credential is in a recording. What the inventory and servers answered is in it, so the file is the owner's alone.

mod answer;
mod line;
mod outside;
mod question;
mod reader;
mod recorder;
mod replay;
#[cfg(test)]
mod tests;

pub use self::line::{Header, RecordedRule};
pub use self::outside::{Outside, Reach};
pub use self::reader::{Recording, RecordingError};
pub use self::recorder::{Recorder, RuleRecorder};
pub use self::replay::RuleReplay;
