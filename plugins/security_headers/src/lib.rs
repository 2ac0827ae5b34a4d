//! The rule `security_headers`: alerts about web pages, behind names that lead outside, that anybody may put into a frame.

use std::collections::BTreeSet;

use reddalert_sdk::hosted_records::{NameList, ZoneName};
use reddalert_sdk::web_pages::{Page, Scope, names_that_lead_outside, visit};
use reddalert_sdk::{Alert, Error, Host, LastSeen, Rule, Severity};
use serde::Deserialize;

const HEADER: &str = "X-Frame-Options";

/// Where the rule remembers the pages it has told of, so that each is told once.
const ALREADY_CHECKED: &str = "already_checked";

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The zone whose names are looked at; empty for all.
    zone: ZoneName,
    /// Domains that are one's own, as targets of records.
    legit_domains: NameList,
    /// Names that are not looked at.
    exception_domains: NameList,
}

/// The rule.
pub struct SecurityHeaders {
    settings: Settings,
}

reddalert_sdk::export!(SecurityHeaders, manifest = "manifest.json");

impl Rule for SecurityHeaders {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let Settings { zone, legit_domains, exception_domains } = &self.settings;
        let scope = Scope { zone, legit_domains, exception_domains, included_domains: &NameList::default() };
        let names = names_that_lead_outside(host, scope)?;
        let pages = visit(host, names.keys().map(String::as_str), |request| request.max_body(0))?;

        let mut told: BTreeSet<String> = host.remembered(ALREADY_CHECKED)?.unwrap_or_default();
        let new: Vec<&Page> = pages.iter().filter(|page| lacks_the_header(page) && told.insert(page.url.clone())).collect();
        let alerts = new.into_iter().map(alert).collect();
        remember(host, told, &pages)?;
        Ok(alerts)
    }
}

/// Any value will do: that the header is there shows that somebody thought of it.
fn lacks_the_header(page: &Page) -> bool {
    let answer = page.answer.as_ref().filter(|answer| (200..300).contains(&answer.status));
    answer.is_some_and(|answer| answer.header(HEADER).is_none_or(str::is_empty))
}

fn alert(page: &Page) -> Alert {
    let url = &page.url;
    Alert::new(url)
        .title(format!("{url} has no {HEADER}"))
        .text(format!("This webpage ({url}) does not have {HEADER} header"))
        .severity(Severity::Low)
        .label("resource-type", "web-page")
}

/// Pages that are gone for long are forgotten.
fn remember(host: &dyn Host, mut told: BTreeSet<String>, pages: &[Page]) -> Result<(), Error> {
    let mut last_seen = LastSeen::load(host)?;
    for page in pages {
        last_seen.saw(&page.url);
    }
    told.retain(|url| last_seen.keeps(url));
    last_seen.remember(host, told.iter().map(String::as_str))?;
    host.remember(ALREADY_CHECKED, &told)
}

#[cfg(test)]
mod tests;
