//! The options of the smaller sub-commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::moment::Moment;
use crate::rule_name::RuleName;
use crate::settings::InventoryAddress;

/// Where `reddalert rules` looks.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct RulesOptions {
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// Show the rules of this directory too; may be given several times
    #[arg(long, value_name = "DIR")]
    pub plugins: Vec<PathBuf>,
    /// Only these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<RuleName>,
}

/// What `reddalert check` looks at.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct CheckOptions {
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// The status
    #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
    pub statusfile: PathBuf,
    /// The inventory: the address of an EDDA, or archive:PATH
    #[arg(short = 'e', long, value_name = "URL")]
    pub edda: Option<InventoryAddress>,
    /// The outputs, with commas between them
    #[arg(short = 'o', long, value_name = "LIST")]
    pub output: Option<String>,
    /// Check the rules of this directory too; may be given several times
    #[arg(long, value_name = "DIR")]
    pub plugins: Vec<PathBuf>,
    /// Send a test alert through every output
    #[arg(long)]
    pub send_test: bool,
}

/// What is done with the status.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum StatusCommand {
    /// Show how far each rule has looked
    Show {
        /// The status
        #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
        statusfile: PathBuf,
    },
    /// Let the next run of a rule begin at another moment
    SetSince {
        /// The status
        #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
        statusfile: PathBuf,
        /// The rule
        rule: RuleName,
        /// The moment: epoch milliseconds, RFC 3339, "YYYY-MM-DD HH:MM:SS" (UTC), or back from now (-6h)
        #[arg(value_name = "TIME", allow_hyphen_values = true)]
        since: Moment,
    },
    /// Forget all that is kept about a rule, as if it had never run
    Forget {
        /// The status
        #[arg(short = 'f', long, value_name = "FILE", default_value = "etc/statusfile.json")]
        statusfile: PathBuf,
        /// The rule
        rule: RuleName,
    },
}
