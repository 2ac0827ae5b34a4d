//! What the rule says about its own work. Its log lines become the host's, under the rule's name and with nothing in them that could act
//! on a terminal.

use std::borrow::Cow;

use tracing::{debug, info, warn};

use super::super::bindings::report::{Host, Level};
use super::super::store::RuleState;
use crate::visible_text::visible;

impl Host for RuleState {
    fn log(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.budget.count_calls(1)?;
        // Counted as it is shown, where a control character takes six bytes. What is too long anyway is not even prepared.
        let is_too_long = message.len() as u64 > self.budget.limits().log_bytes;
        let message = if is_too_long { Cow::Borrowed(message.as_str()) } else { visible(&message) };
        if !self.budget.count_log_bytes(message.len()) {
            return Ok(());
        }
        let rule = &self.name;
        match level {
            Level::Debug => debug!(%rule, "{message}"),
            Level::Info => info!(%rule, "{message}"),
            Level::Warn => warn!(%rule, "{message}"),
            // What is an error to a rule is none of the host's: a run that fails says so itself.
            Level::Error => warn!(%rule, level = "error", "{message}"),
        }
        Ok(())
    }

    fn skipped(&mut self, what: String, reason: String) -> wasmtime::Result<()> {
        self.budget.count_calls(1)?;
        self.reported.skipped(&what, &reason);
        Ok(())
    }

    fn incomplete(&mut self, reason: String) -> wasmtime::Result<()> {
        self.budget.count_calls(1)?;
        self.reported.incomplete(&reason);
        Ok(())
    }
}
