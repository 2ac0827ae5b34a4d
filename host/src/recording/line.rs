//! The lines of a recording.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{Answer, Told};
use super::question::Question;
use crate::json_value;
use crate::rule_name::RuleName;
use crate::status::RuleStatus;
use crate::time_window::{EpochMillis, TimeWindow};

/// The version of recordings that this program reads and writes.
pub(super) const VERSION: u64 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    #[serde(rename = "reddalert-recording")]
    pub version: u64,
    /// When the run began.
    pub now: EpochMillis,
    /// Whether the run kept how far it looked; a run that does not reports everything of its window.
    #[serde(rename = "store-until")]
    pub store_until: bool,
}

impl Header {
    /// Of a run that begins now.
    pub fn new(now: EpochMillis, store_until: bool) -> Self {
        Self { version: VERSION, now, store_until }
    }
}

/// What a rule was given at its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedRule {
    /// In whose name it ran.
    pub name: RuleName,
    /// The rule file that it is made of.
    pub file: RuleName,
    /// What it looked at.
    pub window: TimeWindow,
    /// Its settings, without credentials.
    #[serde(deserialize_with = "json_value::object")]
    pub settings: Map<String, Value>,
    /// What the status held about it.
    pub status: RuleStatus,
}

/// A line on its way into a recording; the header is written as it is.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Written<'a> {
    Rule(&'a RecordedRule),
    Answer { rule: &'a RuleName, to: &'a Question, is: Told<'a> },
    Ended { rule: &'a RuleName, at: EpochMillis },
    End {},
}

/// A line as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Line<'a> {
    Rule(RecordedRule),
    Answer(#[serde(borrow)] AnswerLine<'a>),
    /// When the alerts of the rule were taken in.
    Ended {
        rule: RuleName,
        at: EpochMillis,
    },
    /// The last line: what lacks it was cut off.
    End {},
}

/// One answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerLine<'a> {
    pub(super) rule: RuleName,
    pub(super) to: Question,
    #[serde(borrow)]
    pub(super) is: Answer<'a>,
}
