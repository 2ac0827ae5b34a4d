//! What has to come of a case, and in the same form what came of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json_text;

/// What comes of a case.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// One for each run.
    pub runs: Vec<RunResult>,
}

/// What comes of one run. What is left out is empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunResult {
    /// In the rule's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Alert>,
    /// In the rule's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// What could not be looked at, in the rule's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incomplete: Vec<String>,
    /// Why the run failed, if it did. Then there are no alerts, and the status is as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What the rule remembers now.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub status: Map<String, Value>,
}

/// An alert, complete: what the rule does not say itself comes from its manifest, as in a real run.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The thing it is about.
    pub id: String,
    /// One line.
    pub title: String,
    /// `info`, `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// Texts and objects.
    #[serde(default)]
    pub details: Vec<Value>,
    /// Named texts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// A page about the thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// One thing that was left out. Where a part is not given, anything will do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// The thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an alert means that does not say it: the rule's name, and what its manifest says.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The name of the rule.
    pub rule: String,
    /// The manifest's title.
    pub title: Option<String>,
    /// The manifest's severity.
    pub severity: Option<String>,
}

impl Defaults {
    /// The title of an alert about `id` that has none itself.
    pub fn title_of(&self, id: &str) -> String {
        format!("{}: {id}", self.title.as_deref().unwrap_or(&self.rule))
    }

    /// The severity of an alert that has none itself.
    pub fn severity(&self) -> String {
        self.severity.clone().unwrap_or_else(|| "medium".to_owned())
    }
}

impl Expected {
    /// The text of `expected.json`.
    pub fn to_text(&self) -> String {
        json_text::of(self)
    }
}
