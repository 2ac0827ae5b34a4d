//! What the author of a rule does with it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::rule_trials::{BenchOptions, RunOnceOptions, TestOptions};
use crate::rule_name::RuleName;

/// What is done with a rule: one variant for each sub-command.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum RuleCommand {
    /// Begin a rule: a directory that builds, with a case that passes
    New(NewOptions),
    /// Make the file for a rule directory of what a compiler wrote
    Package(PackageOptions),
    /// Show what a rule's file says about it, without running anything of it
    Inspect(InspectOptions),
    /// Run a rule on its cases, and compare what comes of them with what has to
    Test(TestOptions),
    /// Run a rule once on an inventory, show its alerts and what it used, and remember nothing
    Run(RunOnceOptions),
    /// Measure a rule: how long it compiles, starts and runs, and what it uses
    Bench(BenchOptions),
    /// Make a case to test of what a rule was told in a recorded run
    Case(CaseOptions),
}

/// What a rule is begun with.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct NewOptions {
    /// The language
    #[arg(long, value_enum)]
    pub language: Language,
    /// Where [default: a new directory with the name of the rule]
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// The name of the rule: a letter, then letters, digits and _, all small
    pub name: RuleName,
}

/// The languages that there is an SDK for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// C
    C,
    /// Go
    Go,
    /// JavaScript
    Javascript,
    /// Python
    Python,
    /// Rust
    Rust,
}

/// What is packaged.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct PackageOptions {
    /// A component, or a core module that is made one
    pub file: PathBuf,
    /// What the rule says about itself: JSON [default: what is in the file already]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The file to write; its name is the rule's name [default: FILE itself]
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is looked into.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct InspectOptions {
    /// The rule
    pub file: PathBuf,
    /// One JSON object, for programs
    #[arg(long)]
    pub json: bool,
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
