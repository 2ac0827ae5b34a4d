//! The options of `reddalert backtest`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::moment::Moment;
use crate::rule_name::RuleName;
use crate::settings::InventoryAddress;
use crate::settings::values::parse_duration;

/// Which rules run over which part of the past.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct BacktestOptions {
    /// When the first virtual run begins; before it, rules learn what there was
    ///
    /// Epoch milliseconds, RFC 3339, "YYYY-MM-DD HH:MM:SS" (UTC), or back from now: --from=-30d.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Moment,
    /// When the last virtual run ends [default: as far as the inventory is known]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<Moment>,
    /// How long each virtual run looks, as cron would start them
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "6h")]
    pub every: Duration,
    /// Learn nothing first: rules begin with an empty status and know nothing of what was there before
    #[arg(long)]
    pub cold: bool,
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// The inventory: the address of an EDDA that keeps its history, or archive:PATH
    #[arg(short = 'e', long, value_name = "URL")]
    pub edda: Option<InventoryAddress>,
    /// Use the rules of this directory too; may be given several times
    #[arg(long, value_name = "DIR")]
    pub plugins: Vec<PathBuf>,
    /// How many rules run side by side [default: as many as there are processors]
    #[arg(long, value_name = "NUMBER")]
    pub jobs: Option<NonZeroUsize>,
    /// Rules that need the network run too, on what it answered them in this recorded run
    ///
    /// The inventory is asked as ever; the network is not reached. See docs/recordings.md.
    #[arg(long, value_name = "RECORDING")]
    pub replay: Option<PathBuf>,
    /// One JSON object, for programs: the alerts of each virtual run and the totals
    #[arg(long)]
    pub json: bool,
    /// The rules to run [default: all that need nothing but the inventory, or are in the recording]
    #[arg(value_name = "RULE")]
    pub rules: Vec<RuleName>,
}
