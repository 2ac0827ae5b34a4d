//! Alerts to be sent, and those that nobody wants to be sent: the whole corpus of hostile texts goes through every pure writer.

mod hostile;

use std::sync::Arc;

use crate::alert::{Alert, Detail, Finding, Labels, Severity};
use crate::time_window::TimeWindow;

/// An alert of `rule` about `id`.
pub(super) fn alert(rule: &str, id: &str, severity: Severity, details: Vec<Detail>) -> Arc<Alert> {
    let labels = Labels::new([("account".to_owned(), "123456789012".to_owned()), ("region".to_owned(), "eu-west-1".to_owned())]);
    let finding = Finding { id: id.into(), title: None, details, severity: Some(severity), url: None, labels };
    let rule = rule.parse().expect("a rule name");
    Arc::new(Alert::new(&rule, finding, TimeWindow { since: 1, until: 2 }, "2025-11-24T09:00:00.000Z".into()))
}

/// Alerts `0`, `1`, ...
pub(super) fn alerts(count: usize) -> Vec<Arc<Alert>> {
    (0..count).map(|index| alert("iam", &index.to_string(), Severity::Medium, vec![Detail::Text("something new".into())])).collect()
}

/// A detail with named values.
pub(super) fn fields(value: serde_json::Value) -> Detail {
    value.try_into().expect("an object")
}
