//! The options of `reddalert lock`.

use std::path::PathBuf;

use clap::Args;

/// Which rules are pinned, and where.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct LockOptions {
    /// The settings [default: etc/configfile.json, which may be absent]
    #[arg(short = 'c', long, value_name = "FILE")]
    pub configfile: Option<PathBuf>,
    /// Pin the rules of this directory too; may be given several times
    #[arg(long, value_name = "DIR")]
    pub plugins: Vec<PathBuf>,
    /// Write nothing; say what is different, and exit with 78 if anything is
    #[arg(long)]
    pub check: bool,
}
