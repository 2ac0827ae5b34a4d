//! What one run of one rule is about.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::credentials::RuleCredentials;
use crate::recording::Outside;
use crate::rule_name::RuleName;
use crate::settings::Limits;
use crate::settings::grants::Grants;
use crate::time_window::TimeWindow;

/// Everything that a rule is told and given in one run.
pub struct Assignment {
    /// In whose name the rule runs.
    pub name: RuleName,
    /// The rule's section of the config, without its credentials: the text of a JSON object.
    pub settings: String,
    /// What the host signs the rule's requests with.
    pub credentials: RuleCredentials,
    /// The rule's section of the status.
    pub remembered: Map<String, Value>,
    /// What the rule may use.
    pub limits: Limits,
    /// What it may reach outside.
    pub grants: Grants,
    /// The span that it looks at. Its end is the rule's "now".
    pub window: TimeWindow,
    /// What chance and the flow of time are.
    pub chance: Chance,
    /// Where its questions and requests go.
    pub outside: Outside,
    /// Set to true from outside: the rule ends within some milliseconds, or when the question it waits for is answered.
    pub stop: Arc<AtomicBool>,
    /// When the whole run has to be over (`--max-time`).
    pub ends_at: Option<Instant>,
}

/// What a rule gets that asks for random numbers, or how time flows. (The wall clock is always the end of the window.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chance {
    /// What the operating system gives.
    #[default]
    Real,
    /// The same in each run, so that a rule can be tested.
    Fixed,
}
