//! The rule `route53changed`: alerts about names that lead outside and whose page looks abandoned: whoever takes the bucket or the domain that
//! is gone speaks in one's own name.

mod page_state;

use std::collections::BTreeMap;

use reddalert_sdk::hosted_records::{NameList, RecordSet, ZoneName};
use reddalert_sdk::web_pages::{Scope, names_that_lead_outside, visit};
use reddalert_sdk::{Alert, Error, Host, Rule, Severity};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::page_state::{LOOKED_AT, PageState, Signs};

/// Where the rule remembers what each page looked like. Names that are gone are forgotten.
const HASHES: &str = "hashes";

/// How many redirects a page may need.
const REDIRECTS: u8 = 10;

/// What an operator can set.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The zone whose names are looked at; empty for all.
    zone: ZoneName,
    /// Domains that are one's own, as targets of records.
    legit_domains: NameList,
    /// Names that are not looked at.
    exception_domains: NameList,
    /// Names that are looked at wherever they lead to.
    included_domains: NameList,
}

impl Default for Settings {
    fn default() -> Self {
        let (zone, legit_domains, exception_domains) = Default::default();
        Self { zone, legit_domains, exception_domains, included_domains: vec!["bugbounty.prezi.com".to_owned()].into() }
    }
}

/// The rule.
pub struct Route53Changed {
    settings: Settings,
}

reddalert_sdk::export!(Route53Changed, manifest = "manifest.json");

impl Rule for Route53Changed {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let Settings { zone, legit_domains, exception_domains, included_domains } = &self.settings;
        let names = names_that_lead_outside(host, Scope { zone, legit_domains, exception_domains, included_domains })?;
        let pages = visit(host, names.keys().map(String::as_str), |request| request.redirects(REDIRECTS).max_body(LOOKED_AT))?;

        let signs = Signs::new()?;
        let mut hashes = remembered(host, &names)?;
        let mut alerts = Vec::new();
        for page in pages {
            let state = PageState::of(&signs, page.answer.as_ref());
            // What the original's older versions wrote is a text, and counts as something else.
            let is_new = hashes.get(&page.url).and_then(|known| known.get("hash")).and_then(Value::as_str) != Some(state.hash.as_str());
            if is_new && !state.matches.is_empty() {
                alerts.push(alert(&page.url, &state, names.get(&page.name).map_or(&[], Vec::as_slice)));
            }
            hashes.insert(page.url, json!({"hash": state.hash, "matches": state.matches}));
        }
        host.remember(HASHES, &hashes)?;
        Ok(alerts)
    }
}

/// What is remembered of names that are still there. A page that could not be looked at stays as it was.
fn remembered(host: &dyn Host, names: &BTreeMap<String, Vec<RecordSet>>) -> Result<BTreeMap<String, Value>, Error> {
    let mut hashes: BTreeMap<String, Value> = host.remembered(HASHES)?.unwrap_or_default();
    hashes.retain(|url, _| url.split_once("://").is_some_and(|(_, name)| names.contains_key(name)));
    Ok(hashes)
}

fn alert(url: &str, state: &PageState, records: &[RecordSet]) -> Alert {
    let patterns = state.matches.join("', '");
    let records: Vec<String> = records.iter().map(|record| json!(record).to_string()).collect();
    let records = records.join(", ");
    let text = format!(
        "location matches the following regexes: ['{patterns}']\n (S3 bucket removed or domain expired?) \n dns_entry_info: {records}"
    );
    Alert::new(url).title(format!("{url} looks abandoned")).text(text).severity(Severity::High).label("resource-type", "web-page")
}

#[cfg(test)]
mod tests;
