//! What came of one run of one rule.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};

use super::limit_name::LimitName;
use crate::alert::Finding;

/// All that the host needs to know of a rule's run.
#[derive(Debug)]
pub struct Outcome {
    /// What the rule found, in its order, or why it failed.
    pub result: Result<Vec<Finding>, Failure>,
    /// The rule's section of the status as it is now; as it was, when the rule failed.
    pub remembered: Map<String, Value>,
    /// Odd things that the rule left out: the first hundred.
    pub skipped: Vec<Skipped>,
    /// How many things the rule left out.
    pub skipped_count: u64,
    /// Parts that the rule could not look at: the first hundred. Not empty: its progress stays.
    pub incomplete: Vec<String>,
    /// The collections that the rule asked for, other than to decorate.
    pub collections: BTreeSet<String>,
    /// What the rule did wrong without failing, for its author. A line a kind.
    pub faults: Vec<String>,
    /// What it cost.
    pub usage: Usage,
}

impl Outcome {
    /// Of a run of which nothing else is known.
    pub(super) fn unknown(failure: Failure, remembered: Map<String, Value>) -> Self {
        Self {
            result: Err(failure),
            remembered,
            skipped: Vec::new(),
            skipped_count: 0,
            incomplete: Vec::new(),
            collections: BTreeSet::new(),
            faults: Vec::new(),
            usage: Usage::default(),
        }
    }
}

/// One thing that a rule left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The thing.
    pub what: String,
    /// Why it was left out.
    pub reason: String,
}

/// Why nothing of a rule's run counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Who or what ended it.
    pub kind: FailureKind,
    /// For people, complete: the rule's last words first, then what happened and what to change. May have several lines.
    pub message: String,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The rule said so itself, or gave an answer without sense.
    Error,
    /// The rule panicked, and said why.
    Panicked,
    /// The rule broke a law of the sandbox.
    Trapped,
    /// One of its limits.
    Limit(LimitName),
    /// The whole run was ended.
    Stopped,
    /// A fault of reddalert itself.
    Host,
}

/// What a rule's run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time of the rule.
    pub computing: Duration,
    /// Time in which it waited for the inventory.
    pub waiting: Duration,
    /// How often it called the host.
    pub host_calls: u64,
    /// How many bytes it got from the inventory.
    pub inventory_bytes: u64,
    /// The most memory it had, in bytes.
    pub peak_memory: u64,
}
