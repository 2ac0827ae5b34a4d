//! `reddalert check --send-test`: one alert, marked so that nobody takes it for a real one, through every output of a run.

use std::sync::Arc;

use super::deliveries::send_now;
use crate::alert::{Alert, Detail, Finding, Labels, Severity};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::outputs::Patience;
use crate::rule_name::RuleName;
use crate::settings::OutputSettings;
use crate::time_window::{EpochMillis, TimeWindow};

/// What the test alert says it comes from.
const TEST_RULE: &str = "reddalert-test";

/// What the reader has to know first.
const TITLE: &str = "This is a test of reddalert: nothing is wrong";

/// The test alert. Each one is another alert, because its time is.
pub(super) fn test_alert(now: EpochMillis) -> Result<Arc<Alert>, Refusal> {
    let rule: RuleName = TEST_RULE.parse().or_exit(Exit::Internal)?;
    let finding = Finding {
        id: "test".to_owned(),
        title: Some(TITLE.to_owned()),
        details: vec![Detail::Text(format!("{TITLE}. `reddalert check --send-test` sent it at {}.", rfc3339_millis(now)))],
        severity: Some(Severity::Info),
        url: None,
        labels: Labels::new([("test".to_owned(), "true".to_owned())]),
    };
    Ok(Arc::new(Alert::new(&rule, finding, TimeWindow { since: now, until: now }, rfc3339_millis(now))))
}

/// Sends it to one output, whatever that output wants. Why it did not arrive, or what is to be known although it did.
pub(super) fn send_test(output: &OutputSettings, alert: &Arc<Alert>, patience: &Patience) -> Result<(), String> {
    let line = send_now(output, std::slice::from_ref(alert), patience);
    let wrong: Vec<String> = line.trouble.into_iter().chain(line.refusal).chain(line.notes).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}
