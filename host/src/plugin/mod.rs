//! The rules that are there: the files of the rule directories, and what each says about itself.

pub mod manifest;
mod rule_directory;
mod trust;

pub use self::rule_directory::{Discovery, DiscoveryError, Rejected, RejectionReason, RuleFile, default_directory, discover};
pub use self::trust::{Trust, Untrusted};
