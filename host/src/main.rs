//! Watches AWS accounts with rules that are sandboxed WebAssembly components.

use std::process::ExitCode;

use reddalert::command_line::{CommandLine, exit_of};
use reddalert::commands;
use reddalert::log::Terminal;

fn main() -> ExitCode {
    let command_line = match CommandLine::parse_from(std::env::args_os()) {
        Ok(command_line) => command_line,
        Err(error) => {
            // A failed write of the help text leaves nobody to tell.
            let _ = error.print();
            return exit_of(&error).into();
        }
    };
    let terminal = Terminal::start(&command_line.log, command_line.command.tries_a_rule());
    match commands::execute(command_line.command, &terminal) {
        Ok(exit) => exit.into(),
        Err(refusal) => {
            terminal.say(&format!("reddalert: {refusal}\n"));
            refusal.exit.into()
        }
    }
}
