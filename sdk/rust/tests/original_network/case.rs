//! A recorded run of the original: the inventory and the servers that it saw, as a mock host, and what came out.

use std::fs;
use std::path::PathBuf;

use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, ErrorKind, Response, Rule, Window};
use serde_json::{Map, Value, json};

const SINCE: u64 = 1_700_000_000_000;
pub(crate) const UNTIL: u64 = 1_700_021_600_000;

const CHEF: &str = "https://chef.example.test/organizations/fake";

/// The site whose certificate was of no authority that the original trusted.
const WITHOUT_TRUST: &str = "https://untrusted.bad.test/";

/// Whether the host follows redirects or shows them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirects {
    Followed,
    Shown,
}

pub(crate) struct Case {
    pub(crate) rule: &'static str,
    pub(crate) input: Value,
    settings: Value,
}

impl Case {
    pub(crate) fn load(rule: &'static str) -> Self {
        let input = read(rule, "input");
        let mut settings = input["config"].get(format!("plugin.{rule}")).cloned().unwrap_or_else(|| json!({}));
        // The program takes credentials out before the rule sees its settings.
        settings.as_object_mut().unwrap().retain(|key, _| !["user", "key"].contains(&key.as_str()));
        Self { rule, input, settings }
    }

    pub(crate) fn set(&mut self, key: &str, value: Value) {
        self.settings[key] = value;
    }

    pub(crate) fn run<R: Rule>(&self, host: &MockHost) -> Vec<Alert> {
        let mut settings = self.settings.clone();
        if self.input.get("chef").is_some() {
            settings["chef_server_url"] = json!(CHEF);
        }
        let alerts = mock::run::<R>(&settings, host).unwrap();
        assert_eq!(host.skipped_things(), []);
        alerts
    }

    /// What the original returned: rule, id, details.
    pub(crate) fn alerts_of_the_original(&self) -> Vec<(String, String, Vec<Value>)> {
        serde_json::from_value(read(self.rule, "alerts-all")).unwrap()
    }

    pub(crate) fn remembered_by_the_original(&self) -> Value {
        read(self.rule, "status-out")[format!("plugin.{}", self.rule)].clone()
    }

    /// The inventory and what the rule remembers.
    pub(crate) fn host(&self) -> MockHost {
        let mut host = MockHost::new(Window { since: SINCE, until: UNTIL }).with_page_size(3);
        for collection in ["view/instances", "aws/loadBalancers", "aws/securityGroups", "aws/hostedRecords"] {
            host = host.with_documents(&format!("{collection};_expand"), self.documents(collection));
        }
        if let Some(zone) = self.settings["zone"].as_str() {
            let records = self.documents("aws/hostedRecords").into_iter().filter(|record| record["zone"]["name"] == zone);
            host = host.with_documents(&format!("aws/hostedRecords;zone.name={zone};_expand"), records);
        }
        let remembered: Option<&Map<String, Value>> = self.input["status"].get(format!("plugin.{}", self.rule)).and_then(Value::as_object);
        remembered.into_iter().flatten().fold(host, |host, (key, value)| host.with_remembered(key, value))
    }

    /// With the Chef server that the original asked.
    pub(crate) fn host_with_chef(&self) -> MockHost {
        let rows: Vec<Value> = self.input["chef"].as_array().unwrap().iter().map(|node| json!({"url": "", "data": node})).collect();
        let answer = json!({"total": rows.len(), "start": 0, "rows": rows});
        self.host().with_page(&format!("{CHEF}/search/node?q=%2A%3A%2A&start=0&rows=2000"), 200, answer.to_string())
    }

    /// With the web sites that the original looked at. Nothing answers for names that have none.
    pub(crate) fn host_with_sites(&self, redirects: Redirects) -> MockHost {
        let mut host = self.host();
        for record in self.documents("aws/hostedRecords") {
            let name = record["name"].as_str().unwrap().trim_end_matches('.').to_owned();
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{name}/");
                host = host.with_response(&url, self.answer(&url, redirects));
            }
        }
        host
    }

    fn answer(&self, url: &str, redirects: Redirects) -> Result<Response, CallError> {
        let (scheme, name) = url.trim_end_matches('/').split_once("://").unwrap();
        let site = self.input["sites"].get(name).and_then(|site| site.get(scheme));
        let Some(site) = site.filter(|_| url != WITHOUT_TRUST) else {
            return Err(CallError { kind: ErrorKind::Unavailable, status: None, message: "no answer".into() });
        };
        let headers = site["headers"].as_object().unwrap();
        if let (Redirects::Followed, Some(location)) = (redirects, headers.get("Location")) {
            return self.answer(location.as_str().unwrap(), redirects);
        }
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let status = u16::try_from(site["status"].as_u64().unwrap()).unwrap();
        Ok(Response { url: url.to_owned(), status, headers, body: site["body"].as_str().unwrap().into(), cut: false })
    }

    pub(crate) fn documents(&self, collection: &str) -> Vec<Value> {
        self.input["edda"][format!("api/v2/{collection}.json")].as_array().unwrap().clone()
    }
}

fn read(rule: &str, file: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/data/original/other/{rule}/{file}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
