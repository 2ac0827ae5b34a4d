//! What the author of a rule does with it, one file for each sub-command.

mod case;

use crate::command_line::RuleCommand;
use crate::exit_code::{Exit, Refusal};

/// Does what the command line asks for.
pub(super) fn rule(command: &RuleCommand) -> Result<Exit, Refusal> {
    match command {
        RuleCommand::Case(options) => case::case(options),
    }
}
