//! What the author of a rule does with it.

use clap::Subcommand;

use super::rule_trials::{BenchOptions, RunOnceOptions, TestOptions};

/// What is done with a rule: one variant for each sub-command.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum RuleCommand {
    /// Run a rule on its cases, and compare what comes of them with what has to
    Test(TestOptions),
    /// Run a rule once on an inventory, show its alerts and what it used, and remember nothing
    Run(RunOnceOptions),
    /// Measure a rule: how long it compiles, starts and runs, and what it uses
    Bench(BenchOptions),
}
