//! A recorded run of the original: the inventory it saw, as a mock host, and what came out.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::differences::{Detail, without_port_open};
use ami::Ami;
use elbs::Elbs;
use iam::Iam;
use missingtag::Missingtag;
use newtag::Newtag;
use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, EpochMillis, ErrorKind, Rule, Times, Window};
use secgroups::Secgroups;
use serde_json::{Map, Value};

/// The window of the incremental run.
pub(crate) const SINCE: EpochMillis = 1_700_000_000_000;
pub(crate) const UNTIL: EpochMillis = 1_700_021_600_000;

/// What a rule returned and what it remembers.
type Outcome = (Vec<Alert>, Map<String, Value>);

pub(crate) struct Recording {
    pub(crate) window: Window,
    run: &'static str,
    settings: Value,
    status: Value,
}

impl Recording {
    pub(crate) fn load(run: &'static str, window: Window) -> Self {
        let status = if window.since == 0 { Value::Null } else { read("status-in.json") };
        Self { window, run, settings: read("fixtures/config.json"), status }
    }

    pub(crate) fn run_rules(&self) -> BTreeMap<&'static str, Outcome> {
        BTreeMap::from([
            ("ami", self.run_rule::<Ami>("ami")),
            ("elbs", self.run_rule::<Elbs>("elbs")),
            ("iam", self.run_rule::<Iam>("iam")),
            ("missingtag", self.run_rule::<Missingtag>("missingtag")),
            ("newtag", self.run_rule::<Newtag>("newtag")),
            ("secgroups", self.run_rule::<Secgroups>("secgroups")),
        ])
    }

    pub(crate) fn details_of_the_original(&self) -> Vec<Detail> {
        let alerts: Vec<(String, String, Vec<Value>)> = serde_json::from_value(read(&format!("{}/alerts-all.json", self.run))).unwrap();
        let details = |(rule, id, details): (String, String, Vec<Value>)| {
            details.into_iter().map(move |detail| (rule.clone(), id.clone(), without_port_open(detail)))
        };
        alerts.into_iter().flat_map(details).collect()
    }

    /// An absent section is an empty one.
    pub(crate) fn remembered_by_the_original(&self, rule: &str) -> Value {
        let status = read(&format!("{}/status-out.json", self.run));
        status.get(format!("plugin.{rule}")).cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }

    fn run_rule<R: Rule>(&self, rule: &str) -> Outcome {
        let section = format!("plugin.{rule}");
        let mut host = inventory(self.window);
        for (key, value) in self.status.get(&section).and_then(Value::as_object).into_iter().flatten() {
            host = host.with_remembered(key, value);
        }
        let settings = self.settings.get(&section).cloned().unwrap_or_else(|| Value::Object(Map::new()));
        let alerts = mock::run::<R>(&settings, &host).unwrap();
        assert_eq!(host.skipped_things(), [], "{rule}");
        assert_eq!(host.incomplete_parts(), [""; 0], "{rule}");
        (alerts, host.remembered_values())
    }
}

/// The details of what one of our rules returned.
pub(crate) fn details(rule: &str, alerts: Vec<Alert>) -> Vec<Detail> {
    let details = |alert: Alert| alert.details.into_iter().map(move |detail| (alert.id.clone(), without_port_open(detail.to_json())));
    alerts.into_iter().flat_map(details).map(|(id, detail)| (rule.to_owned(), id, detail)).collect()
}

/// A user of the inventory.
pub(crate) fn user(name: &str) -> Value {
    documents("aws/iamUsers").into_iter().find(|user| user["name"] == name).unwrap()
}

fn inventory(window: Window) -> MockHost {
    let mut host = MockHost::new(window)
        .with_page_size(7)
        .with_documents("view/instances;_expand", documents("view/instances"))
        .with_documents_at("aws/iamUsers", Times::Updated, ids("aws/iamUsers"));
    for (collection, id) in [("aws/securityGroups", "groupId"), ("aws/loadBalancers", "loadBalancerName")] {
        let documents = documents(collection);
        let updated = ids(collection).into_iter().filter_map(|wanted| documents.iter().find(|document| document[id] == wanted).cloned());
        host = host.with_documents_at(&format!("{collection};_expand"), Times::Updated, updated);
        host = host.with_documents_at(&format!("{collection};_expand"), Times::Context, documents);
    }
    let diffs = read("fixtures/api/v2/aws/iamUsers.diffs.json");
    for user in documents("aws/iamUsers") {
        let path = format!("aws/iamUsers/{}", user["name"].as_str().unwrap());
        let diff = diffs.get(user["name"].as_str().unwrap()).and_then(Value::as_str);
        host = host.with_text(&format!("{path};_diff=200"), diff.map(ToOwned::to_owned).ok_or_else(only_one_revision));
        host = host.with_documents_at(&path, Times::Updated, [user]);
    }
    host
}

fn only_one_revision() -> CallError {
    let message = "_diff requires at least 2 documents, only 1 found".to_owned();
    CallError { kind: ErrorKind::BadRequest, status: Some(400), message }
}

fn documents(collection: &str) -> Vec<Value> {
    serde_json::from_value(read(&format!("fixtures/api/v2/{collection}.json"))).unwrap()
}

fn ids(collection: &str) -> Vec<Value> {
    serde_json::from_value(read(&format!("fixtures/api/v2/{collection}.updated.json"))).unwrap()
}

fn read(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/original/edda-rules").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
