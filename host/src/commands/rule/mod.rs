//! `reddalert rule`: what the author of a rule does with it. One file for each sub-command.

mod inspect;
mod new;
mod package;

use crate::command_line::RuleCommand;
use crate::exit_code::{Exit, Refusal};

/// Does what the command line asks for.
pub(super) fn rule(command: &RuleCommand) -> Result<Exit, Refusal> {
    match command {
        RuleCommand::New(options) => new::new(options),
        RuleCommand::Package(options) => package::package(options),
        RuleCommand::Inspect(options) => inspect::inspect(options),
    }
}
