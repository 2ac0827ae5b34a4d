//! One file for each sub-command. `run` is the default one and the program's purpose.

mod accounts;
mod announcement;
mod archive;
mod backtest;
mod check;
mod compiled_rules;
mod deliveries;
mod interruption;
mod lock;
mod locked_rules;
mod outbox;
mod outbox_limit;
mod record;
mod replay;
mod rule;
mod rule_loading;
mod rule_preparation;
mod rule_rights;
mod rule_set;
mod rules;
mod rules_at_work;
mod run;
mod run_plan;
mod send_test;
mod set_up;
mod status;

use crate::command_line::Command;
use crate::exit_code::{Exit, Refusal};
use crate::log::Terminal;
use crate::time_window::EpochMillis;

/// Does what the command line asks for.
///
/// # Errors
/// The command could not be done: why, and the exit code.
pub fn execute(command: Command, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        Command::Run(options) => run::run(&options, terminal),
        Command::Rule(command) => rule::rule(&command, terminal),
        Command::Rules(options) => rules::rules(&options),
        Command::Check(options) => check::check(&options, terminal),
        Command::Lock(options) => lock::lock(&options),
        Command::Backtest(options) => backtest::backtest(&options, terminal),
        Command::Archive(command) => archive::archive(&command, terminal),
        Command::Status(command) => status::status(&command),
        Command::Outbox(command) => outbox::outbox(&command, terminal),
    }
}

/// The clock. Read here and handed down, so that nothing below depends on it.
fn now() -> EpochMillis {
    jiff::Timestamp::now().as_millisecond()
}

/// Writes the answer of a command that is not a run to standard output.
fn print(text: &str) {
    use std::io::Write as _;
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
