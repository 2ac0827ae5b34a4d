//! How the author of a rule tries it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::archive_keeping::Colours;
use crate::moment::Moment;
use crate::settings::InventoryAddress;

/// What is tested. Exit code 0: every case passes; 1: some do not.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct TestOptions {
    /// The directory of a rule (with `cases/` and the rule's file in it), of cases, or of one case
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// The rule's file [default: the one in DIR]
    #[arg(long, value_name = "FILE")]
    pub rule: Option<PathBuf>,
    /// Write down what came of the cases as what has to come of them; look at it before you keep it
    #[arg(long)]
    pub accept: bool,
    /// When differences are coloured
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Colours::Auto)]
    pub color: Colours,
    /// Only these cases
    #[arg(value_name = "CASE")]
    pub cases: Vec<String>,
}

/// What a rule is tried on.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct TrialOptions {
    /// The rule
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The inventory: the address of an EDDA, or archive:PATH
    #[arg(short = 'e', long, value_name = "URL")]
    pub edda: InventoryAddress,
    /// The rule's settings: a JSON object, or @FILE with one
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub settings: String,
    /// Where the window begins: epoch milliseconds, RFC 3339, "YYYY-MM-DD HH:MM:SS" (UTC), or back from now (--since=-6h) [default: 1970]
    #[arg(short = 's', long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<Moment>,
    /// Where it ends [default: as far as the inventory is known]
    #[arg(short = 'u', long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<Moment>,
    /// Let the rule reach this, as in the config's `grants`; may be given several times; as-asked: whatever its manifest asks for
    #[arg(long, value_name = "GRANT")]
    pub allow: Vec<String>,
}

/// How a rule is run once.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct RunOnceOptions {
    /// The rule, and what it is tried on.
    #[command(flatten)]
    pub trial: TrialOptions,
    /// The kind of output that shows alerts, as in -o of a run
    #[arg(short = 'o', long, value_name = "KIND", default_value = "stdout")]
    pub output: String,
}

/// How a rule is measured.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// The rule, and what it is tried on.
    #[command(flatten)]
    pub trial: TrialOptions,
    /// How often it is run
    #[arg(long, value_name = "N", default_value = "10")]
    pub runs: NonZeroUsize,
}
