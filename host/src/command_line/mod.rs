//! The command line: types, and the one function that reads it. A first word that is no sub-command is a rule, and options may stand
//! before the sub-command as well as behind it. What the options do is said in `commands`.

mod archive;
mod archive_keeping;
mod backtest;
mod lock;
mod other_commands;
mod outbox;
mod rule;
mod rule_trials;
mod run;
#[cfg(test)]
mod tests;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

pub use self::archive::{ArchiveCommand, CollectOptions, ImportFormat, ImportOptions};
pub use self::archive_keeping::{Colours, ExportOptions, LogOfArchiveOptions, PruneOptions, QueryOptions, ServeOptions, StatsOptions};
pub use self::backtest::BacktestOptions;
pub use self::lock::LockOptions;
pub use self::other_commands::{CheckOptions, RulesOptions, StatusCommand};
pub use self::outbox::{OutboxCommand, RetryOptions, WaitingOptions};
pub use self::rule::{CaseOptions, InspectOptions, Language, NewOptions, PackageOptions, RuleCommand};
pub use self::rule_trials::{BenchOptions, RunOnceOptions, TestOptions, TrialOptions};
pub use self::run::{LogFormat, LogOptions, RunOptions};
use crate::exit_code::Exit;

const MORE_HELP: &str = "\
Examples:
  reddalert                             run all rules on what is new since the last run
  reddalert -o jsonl secgroups iam      run two rules, alerts as JSON lines
  reddalert --since=-6h --dry-run       show what the last six hours bring; keep nothing
  reddalert --learn                     a first run: remember everything, report nothing
  reddalert check                       is everything there that a run needs?
  reddalert archive import --archive inventory.db dump/
                                        take in what `aws ... --output json` printed
  reddalert -e archive:inventory.db     run on that instead of an EDDA
  reddalert run status                  run a rule that has the name of a sub-command

As a line of a crontab, where what a run prints is sent by mail:
  */5 * * * * cd /opt/reddalert && bin/reddalert -o stdout

Alerts go to standard output, everything else to standard error.

Exit codes (when several apply, the last one counts):
   0  done, with alerts or without
   1  an alert is at least as severe as --fail-on
   2  a rule failed
   3  an output did not take its alerts; they are kept for the next run
   4  the inventory is unreachable or stale, or a part of it
  64  the command line is wrong
  70  an error inside reddalert
  74  the status cannot be read or written
  75  another run is still at work
  78  the settings are wrong, or a rule is not the one that the lock file pins";

/// What the user asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandLine {
    /// What is logged, and how.
    pub log: LogOptions,
    /// What is done.
    pub command: Command,
}

/// What is done: one variant for each sub-command.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum Command {
    /// Run rules and deliver their alerts (what happens without a sub-command)
    #[command(after_help = MORE_HELP)]
    Run(RunOptions),
    /// Run rules over the past of an inventory, and show what they would have found
    Backtest(BacktestOptions),
    /// Show every rule found: what it imports, whether it loads
    Rules(RulesOptions),
    /// Check all that a run needs - settings, rules, status, inventory, outputs - without running a rule
    Check(CheckOptions),
    /// Pin every rule as it is now: from then on a changed one is not run
    Lock(LockOptions),
    /// Begin, build, test and look into a rule
    #[command(subcommand)]
    Rule(RuleCommand),
    /// Fill and ask the embedded inventory
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Show or change how far rules have looked
    #[command(subcommand)]
    Status(StatusCommand),
    /// Show, send or drop alerts that wait for their outputs
    #[command(subcommand)]
    Outbox(OutboxCommand),
}

impl Command {
    /// Whether somebody tries a rule of their own, and wants to see all that it says.
    pub fn tries_a_rule(&self) -> bool {
        matches!(self, Self::Rule(RuleCommand::Run(_)))
    }
}

/// Watches AWS accounts: runs rules on an inventory and delivers the alerts that they return.
#[derive(Parser)]
#[command(name = "reddalert", version, after_help = MORE_HELP, args_override_self = true)]
#[command(override_usage = "reddalert [OPTIONS] [RULE]...\n       reddalert <COMMAND>")]
struct Arguments {
    #[command(flatten)]
    log: LogOptions,
    #[command(flatten)]
    run: RunOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The options of a run without any sub-command.
#[derive(Parser)]
#[command(args_override_self = true, disable_help_flag = true, disable_version_flag = true)]
struct RunArguments {
    #[command(flatten)]
    _log: LogOptions,
    #[command(flatten)]
    run: RunOptions,
}

impl CommandLine {
    /// Reads the arguments, the first of which is the program's name. `--help` and `--version` are errors too: see [`exit_of`].
    pub fn parse_from(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Self, clap::Error> {
        let mut arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        if let Some(place) = place_of_sub_command(&arguments) {
            // Options before the sub-command are meant for it.
            arguments[1..=place].rotate_right(1);
        } else if arguments.iter().skip(1).any(is_sub_command) {
            // The word is a rule here, or the value of an option.
            arguments.insert(1, "run".into());
        }
        let Arguments { log, run, command } = Arguments::try_parse_from(arguments)?;
        Ok(Self { log, command: command.unwrap_or(Command::Run(run)) })
    }
}

/// The exit code that goes with an error of [`CommandLine::parse_from`].
pub fn exit_of(error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::CommandLine,
    }
}

/// The names of all sub-commands: what a word that is no rule may have been meant to be.
pub fn sub_commands() -> Vec<String> {
    Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).chain(["help".to_owned()]).collect()
}

fn is_sub_command(word: &OsString) -> bool {
    sub_commands().iter().any(|name| word == name.as_str())
}

/// The first argument that has the name of a sub-command and nothing but complete options before it.
fn place_of_sub_command(arguments: &[OsString]) -> Option<usize> {
    let places = (1..arguments.len()).take_while(|place| arguments[*place] != "--");
    places.filter(|place| is_sub_command(&arguments[*place])).find(|place| only_options(&arguments[..*place]))
}

fn only_options(arguments: &[OsString]) -> bool {
    RunArguments::try_parse_from(arguments).is_ok_and(|arguments| arguments.run.rules.is_empty())
}
