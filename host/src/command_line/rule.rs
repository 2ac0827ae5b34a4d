//! What the author of a rule does with it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::rule_name::RuleName;

/// What is done with a rule: one variant for each sub-command.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum RuleCommand {
    /// Make a case to test of what a rule was told in a recorded run
    Case(CaseOptions),
}

/// What becomes a case.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct CaseOptions {
    /// What `reddalert --record FILE` wrote
    #[arg(value_name = "RECORDING")]
    pub recording: PathBuf,
    /// The rule [default: the only one of the recording]
    #[arg(long, value_name = "NAME")]
    pub rule: Option<RuleName>,
    /// The new directory of the case, whose name says what the case is about
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}
