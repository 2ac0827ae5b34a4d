//! `reddalert rule`: what the author of a rule does with it. One file for each sub-command.

mod bench;
mod case;
mod case_run;
mod inspect;
mod looked_at;
mod new;
mod package;
mod run;
mod test;
mod trial;

use crate::command_line::RuleCommand;
use crate::exit_code::{Exit, Refusal};
use crate::log::Terminal;

/// Does what the command line asks for.
pub(super) fn rule(command: &RuleCommand, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        RuleCommand::New(options) => new::new(options),
        RuleCommand::Package(options) => package::package(options),
        RuleCommand::Inspect(options) => inspect::inspect(options),
        RuleCommand::Test(options) => test::test(options, terminal),
        RuleCommand::Run(options) => run::run(options, terminal),
        RuleCommand::Bench(options) => bench::bench(options),
        RuleCommand::Case(options) => case::case(options),
    }
}
