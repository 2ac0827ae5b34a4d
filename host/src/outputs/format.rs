//! The three ways an alert is written as text, each a pure function from an alert to bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::alert::{Alert, Detail, Severity};
use crate::visible_text::{tab_separated_field, visible, visible_paragraph};

/// How a stream output writes alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Blocks for people: `Rule:`, `Subject:`, `Alert:`, two empty lines; one block a detail.
    Blocks,
    /// `<rule>\t<id>\t<detail>`, one line a detail.
    TabSeparated,
    /// One JSON object a line, one line an alert.
    JsonLines,
}

impl Format {
    /// Appends `alert` to `out`. Always ends with a line feed.
    pub(super) fn write(self, alert: &Alert, out: &mut String) {
        match self {
            Self::Blocks => for_each_detail(alert, |detail| write_block(alert, detail, out)),
            Self::TabSeparated => for_each_detail(alert, |detail| write_fields(alert, detail, out)),
            Self::JsonLines => {
                out.push_str(&visible(&json_text(alert)));
                out.push('\n');
            }
        }
    }
}

/// `1 critical, 2 high`: how many alerts there are of each severity, the worst first.
pub(super) fn severity_counts<'a>(alerts: impl Iterator<Item = &'a Alert>) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    alerts.for_each(|alert| *counts.entry(alert.severity).or_default() += 1);
    let counts: Vec<_> = counts.iter().rev().map(|(severity, number)| format!("{number} {}", severity_name(*severity))).collect();
    counts.join(", ")
}

/// The severity in lower case.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// A detail as people read it, each of its named values on a line. Harmless wherever a paragraph may stand.
pub(super) fn paragraph(detail: &Detail) -> String {
    match detail {
        Detail::Text(text) => visible_paragraph(text),
        Detail::Fields(fields) => fields.members().iter().map(|(name, value)| member(name, value)).collect::<Vec<_>>().join("\n"),
    }
}

/// `ipRanges: 10.0.0.0/8, 192.0.2.0/24`: people read that more easily than JSON.
fn member(name: &str, value: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let shown = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Array(values) if !values.is_empty() && values.iter().all(|value| !value.is_array() && !value.is_object()) => {
            values.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    visible(&format!("{name}: {shown}")).into_owned()
}

/// An alert without details is still an alert: its title stands for the detail.
fn for_each_detail(alert: &Alert, mut write: impl FnMut(&Detail)) {
    if alert.details.is_empty() {
        write(&Detail::Text(alert.title.clone()));
    }
    alert.details.iter().for_each(write);
}

fn write_block(alert: &Alert, detail: &Detail, out: &mut String) {
    let shown = match detail {
        Detail::Text(text) => visible_paragraph(text),
        // The indented JSON's own line breaks stay; those inside its strings are escaped already.
        Detail::Fields(fields) => fields.indented().split('\n').map(visible).collect::<Vec<_>>().join("\n"),
    };
    let _ = write!(out, "Rule: {}\nSubject: {}\nAlert: {shown}\n\n\n", alert.plugin_name, visible(&alert.id));
}

fn write_fields(alert: &Alert, detail: &Detail, out: &mut String) {
    let shown = match detail {
        Detail::Text(text) => tab_separated_field(text),
        Detail::Fields(fields) => visible(fields.text()).into_owned(),
    };
    let _ = writeln!(out, "{}\t{}\t{shown}", alert.plugin_name, tab_separated_field(&alert.id));
}

fn json_text(alert: &Alert) -> String {
    serde_json::to_string(alert).expect("an alert holds only texts, numbers and maps with text keys, which always become JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Finding, Labels};
    use crate::time_window::TimeWindow;
    use serde_json::json;

    fn alert(id: &str, details: Vec<Detail>) -> Alert {
        let finding = Finding { id: id.into(), title: None, details, severity: None, url: None, labels: Labels::default() };
        let rule = "ami".parse().expect("a rule name");
        Alert::new(&rule, finding, TimeWindow { since: 1, until: 2 }, "2025-11-24T09:00:00.000Z".into())
    }

    fn fields() -> Detail {
        json!({"port": 22, "name": "a\tb\u{9b}"}).try_into().expect("an object")
    }

    fn written(format: Format, alert: &Alert) -> String {
        let mut out = String::new();
        format.write(alert, &mut out);
        out
    }

    #[test]
    fn blocks_are_those_of_the_original() {
        let text = written(Format::Blocks, &alert("i-1\u{1b}", vec![Detail::Text("one\nRule: forged".into()), fields()]));
        let expected = "Rule: ami\nSubject: i-1\\u001b\nAlert: one\n    Rule: forged\n\n\n\
                        Rule: ami\nSubject: i-1\\u001b\nAlert: {\n  \"name\": \"a\\tb\\u009b\",\n  \"port\": 22\n}\n\n\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_detail_is_one_tab_separated_line() {
        let text = written(Format::TabSeparated, &alert("a\tb", vec![Detail::Text("x\ny\\".into()), fields()]));
        assert_eq!(text, "ami\ta\\tb\tx\\ny\\\\\nami\ta\\tb\t{\"name\":\"a\\tb\\u009b\",\"port\":22}\n");
    }

    #[test]
    fn a_json_line_reads_back_as_the_alert() {
        let alert = alert("i\n\u{202e}", vec![Detail::Text("x".into()), fields()]);
        let line = written(Format::JsonLines, &alert);
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.is_ascii());
        assert_eq!(serde_json::from_str::<Alert>(&line).expect("JSON"), alert);
    }

    #[test]
    fn named_values_are_a_line_each() {
        let values = serde_json::json!({"a": ["x", 1], "b": "two\nlines", "c": [], "d": {"e": null}, "f": ""});
        let detail = values.try_into().expect("an object");
        assert_eq!(paragraph(&detail), "a: x, 1\nb: two\\u000alines\nc: []\nd: {\"e\":null}\nf: \"\"");
    }

    #[test]
    fn an_alert_without_details_is_not_lost() {
        assert_eq!(written(Format::TabSeparated, &alert("i-1", vec![])), "ami\ti-1\tami: i-1\n");
        assert_eq!(written(Format::Blocks, &alert("i-1", vec![])), "Rule: ami\nSubject: i-1\nAlert: ami: i-1\n\n\n");
    }
}
