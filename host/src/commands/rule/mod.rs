//! `reddalert rule`: what the author of a rule does with it. One file for each sub-command.

mod bench;
mod case_run;
mod looked_at;
mod run;
mod test;
mod trial;

use crate::command_line::RuleCommand;
use crate::exit_code::{Exit, Refusal};
use crate::log::Terminal;

/// Does what the command line asks for.
pub(super) fn rule(command: &RuleCommand, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        RuleCommand::Test(options) => test::test(options, terminal),
        RuleCommand::Run(options) => run::run(options, terminal),
        RuleCommand::Bench(options) => bench::bench(options),
    }
}
