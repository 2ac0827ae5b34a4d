//! From what a rule returned to what the host keeps: checked, and mended where the contract says so.

use super::bindings::Alert;
use super::bindings::alerts::{Detail as WitDetail, Severity as WitSeverity};
use super::reported::shortened;
use crate::alert::{Detail, Finding, Labels, Severity};
use crate::json_object::JsonObject;
use crate::plugin::manifest::Manifest;

/// The findings, and what the rule did wrong without failing: a line a kind.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    pub(super) faults: Vec<String>,
}

/// Converts all alerts of a run. What an alert does not say, the rule's manifest does.
pub(super) fn check(alerts: Vec<Alert>, manifest: Option<&Manifest>) -> Checked {
    let mut faults = Faults::default();
    let findings = alerts.into_iter().map(|alert| finding(alert, manifest, &mut faults)).collect();
    Checked { findings, faults: faults.lines() }
}

fn finding(alert: Alert, manifest: Option<&Manifest>, faults: &mut Faults) -> Finding {
    let Alert { id, title, details, severity, url, labels } = alert;
    if id.is_empty() {
        // What it found counts all the same.
        faults.id.note(&id, title.as_deref().unwrap_or("it has no title either"));
    }
    let details = details.into_iter().map(|detail| converted(detail, &id, &mut faults.fields)).collect();
    let url = url.filter(|url| {
        let is_page = url.starts_with("https://");
        if !is_page {
            faults.url.note(&id, url);
        }
        is_page
    });
    let title = title.or_else(|| Some(format!("{}: {id}", manifest?.title)));
    let severity = severity.map(Severity::from).or_else(|| manifest?.severity);
    Finding { title, details, severity, url, labels: Labels::new(labels), id }
}

fn converted(detail: WitDetail, id: &str, fault: &mut Fault) -> Detail {
    match detail {
        WitDetail::Text(text) => Detail::Text(text),
        WitDetail::Fields(text) => match JsonObject::parse(&text) {
            Ok(fields) => Detail::Fields(fields),
            Err(error) => {
                fault.note(id, &error.to_string());
                Detail::Text(text)
            }
        },
    }
}

impl From<WitSeverity> for Severity {
    fn from(severity: WitSeverity) -> Self {
        match severity {
            WitSeverity::Info => Self::Info,
            WitSeverity::Low => Self::Low,
            WitSeverity::Medium => Self::Medium,
            WitSeverity::High => Self::High,
            WitSeverity::Critical => Self::Critical,
        }
    }
}

#[derive(Default)]
struct Faults {
    id: Fault,
    fields: Fault,
    url: Fault,
}

/// How often something was wrong, and the first time in words.
#[derive(Default)]
struct Fault {
    count: usize,
    first: String,
}

impl Fault {
    fn note(&mut self, id: &str, what: &str) {
        if self.count == 0 {
            self.first = format!("the first is in the alert `{}`: {}", shortened(id), shortened(what));
        }
        self.count += 1;
    }
}

impl Faults {
    fn lines(self) -> Vec<String> {
        let line = |fault: Fault, what: &str| (fault.count > 0).then(|| format!("{} {what}; {}", fault.count, fault.first));
        let id = line(self.id, "alerts have an empty id, which should name the thing that they are about");
        let fields = line(self.fields, "`fields` details are no JSON object and are delivered as text");
        let url = line(self.url, "URLs do not begin with `https://` and are left out");
        id.into_iter().chain(fields).chain(url).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(id: &str, details: Vec<WitDetail>) -> Alert {
        Alert { id: id.into(), title: None, details, severity: None, url: None, labels: Vec::new() }
    }

    fn fields(text: &str) -> WitDetail {
        WitDetail::Fields(text.into())
    }

    #[test]
    fn every_kind_of_detail_arrives() {
        let details = vec![WitDetail::Text("open".into()), fields(r#"{"port": 22}"#)];
        let checked = check(vec![alert("i-1", details)], None);
        let port = JsonObject::parse(r#"{"port":22}"#).expect("an object");
        assert_eq!(checked.findings[0].details, [Detail::Text("open".into()), Detail::Fields(port)]);
        assert!(checked.faults.is_empty());
    }

    #[test]
    fn fields_that_are_no_object_become_text_and_are_counted() {
        let details = vec![fields("[1]"), fields("half {"), fields("{}")];
        let checked = check(vec![alert("i-1", details)], None);
        assert_eq!(checked.findings[0].details[..2], [Detail::Text("[1]".into()), Detail::Text("half {".into())]);
        assert_eq!(checked.faults.len(), 1);
        assert!(checked.faults[0].starts_with("2 `fields` details are no JSON object"), "{:?}", checked.faults);
        assert!(checked.faults[0].contains("`i-1`"));
    }

    #[test]
    fn only_a_page_is_a_link() {
        let with = |url: &str| Alert { url: Some(url.into()), ..alert("i-1", Vec::new()) };
        let checked = check(vec![with("https://example.com/"), with("javascript:alert(1)")], None);
        let urls: Vec<_> = checked.findings.iter().map(|finding| finding.url.as_deref()).collect();
        assert_eq!(urls, [Some("https://example.com/"), None]);
        assert!(checked.faults[0].starts_with("1 URLs do not begin with"), "{:?}", checked.faults);
    }

    #[test]
    fn an_alert_with_an_empty_id_is_delivered_and_counted() {
        let checked = check(vec![alert("i-1", Vec::new()), alert("", Vec::new())], None);
        assert_eq!(checked.findings.len(), 2);
        assert!(checked.faults[0].starts_with("1 alerts have an empty id"), "{:?}", checked.faults);
    }

    #[test]
    fn the_manifest_says_what_an_alert_does_not() {
        let manifest: Manifest = serde_json::from_str(r#"{"title": "Open groups", "severity": "high"}"#).expect("a manifest");
        let own = Alert { title: Some("mine".into()), severity: Some(WitSeverity::Low), ..alert("i-1", Vec::new()) };
        let checked = check(vec![own, alert("i-2", Vec::new())], Some(&manifest));
        let shown: Vec<_> = checked.findings.iter().map(|finding| (finding.title.as_deref(), finding.severity)).collect();
        assert_eq!(shown, [(Some("mine"), Some(Severity::Low)), (Some("Open groups: i-2"), Some(Severity::High))]);
        assert_eq!(check(vec![alert("i-2", Vec::new())], None).findings[0].title, None);
    }
}
