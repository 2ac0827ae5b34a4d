//! What the author of a rule does with it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
