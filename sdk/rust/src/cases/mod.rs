//! The cases of a rule, run natively: the same directories that `reddalert rule test` runs the component on. A rule's tests need one line:
//!
//! ```ignore
//! #[test]
//! fn cases() {
//!     reddalert_sdk::cases::run::<NewBuckets>("cases");
//! }
//! ```

mod source;

use std::env;
use std::fs;
use std::path::Path;

use cases::{Case, Defaults, Expected, RunResult, Skipped, cases_in, difference};
use serde_json::{Map, Value};

use self::source::CaseSource;
use crate::mock::{self, MockHost};
use crate::{Alert, Rule, Severity, Window};

/// Set to anything, it lets [`run`] write down what comes of the cases as what has to come of them.
const ACCEPT: &str = "REDDALERT_ACCEPT_CASES";

/// Runs `R` on every case in `directory`, which is taken from the directory of the crate. What an alert does not say comes from the
/// `manifest.json` beside `directory`, if there is one, as in a real run.
///
/// With the environment variable `REDDALERT_ACCEPT_CASES`, what comes of them is written down instead of being compared.
///
/// # Panics
/// A case cannot be read, or something else comes of it than it says: each difference is shown.
pub fn run<R: Rule>(directory: &str) {
    let directory = Path::new(directory);
    let cases = cases_in(directory, &[]).unwrap_or_else(|error| panic!("{}", chain(&error)));
    let defaults = defaults(directory);
    let mut differences: Vec<String> = Vec::new();
    for directory in cases {
        let case = Case::read(&directory).unwrap_or_else(|error| panic!("{}", chain(&error)));
        // A recording holds what a component asked; natively there is nobody to ask the same.
        let Some(inventory) = case.inventory.clone() else { continue };
        let seen = run_case::<R>(&case, &inventory, &defaults);
        let difference = difference(&case.expected.clone().unwrap_or_default(), &seen);
        if difference.is_empty() {
            continue;
        }
        if env::var_os(ACCEPT).is_some() {
            case.accept(&seen).unwrap_or_else(|error| panic!("{}", chain(&error)));
            continue;
        }
        let lines: Vec<String> = difference.iter().map(|line| format!("    {}", line.text())).collect();
        differences.push(format!("{}: {}\n{}", case.name, case.about, lines.join("\n")));
    }
    assert!(differences.is_empty(), "cases that went another way:\n{}", differences.join("\n\n"));
}

fn run_case<R: Rule>(case: &Case, inventory: &cases::Inventory, defaults: &Defaults) -> Expected {
    let settings = Value::Object(case.settings.clone());
    let mut status = case.status.clone();
    let run = |run: &cases::Run| {
        let moment = |millis: i64| u64::try_from(millis).unwrap_or(0);
        let window = Window { since: moment(run.since), until: moment(run.until) };
        let host = MockHost::new(window).with_source(CaseSource::new(inventory, &case.web, *run));
        let host = status.iter().fold(host, |host, (key, value)| host.with_remembered(key, value));
        let result = result_of(mock::run::<R>(&settings, &host), &host, &status, defaults);
        status.clone_from(&result.status);
        result
    };
    Expected { runs: case.runs.iter().map(run).collect() }
}

fn result_of(found: Result<Vec<Alert>, crate::Error>, host: &MockHost, before: &Map<String, Value>, defaults: &Defaults) -> RunResult {
    let skipped = host.skipped_things().into_iter().map(|(what, reason)| Skipped { what: Some(what), reason: Some(reason) });
    let (alerts, error, status) = match found {
        Ok(alerts) => (alerts, None, host.remembered_values()),
        Err(error) => (Vec::new(), Some(error.to_string()), before.clone()),
    };
    RunResult {
        alerts: alerts.into_iter().map(|alert| complete(alert, defaults)).collect(),
        skipped: skipped.collect(),
        incomplete: host.incomplete_parts(),
        error,
        status,
    }
}

/// The alert as the host delivers it.
fn complete(alert: Alert, defaults: &Defaults) -> cases::Alert {
    let mut details = Vec::new();
    for detail in alert.details.iter().map(crate::Detail::to_json) {
        if !details.contains(&detail) {
            details.push(detail);
        }
    }
    cases::Alert {
        title: alert.title.unwrap_or_else(|| defaults.title_of(&alert.id)),
        severity: alert.severity.map_or_else(|| defaults.severity(), |severity| name_of(severity).to_owned()),
        details,
        // The first of two equal names counts.
        labels: alert.labels.into_iter().rev().collect(),
        url: alert.url.filter(|url| url.starts_with("https://")),
        id: alert.id,
    }
}

fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn defaults(directory: &Path) -> Defaults {
    let manifest = directory.parent().unwrap_or(directory).join("manifest.json");
    let manifest: Value = fs::read(manifest).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let text = |key: &str| manifest[key].as_str().map(ToOwned::to_owned);
    let rule = env::var("CARGO_PKG_NAME").unwrap_or_default();
    Defaults { rule, title: text("title"), severity: text("severity") }
}

fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
