//! The rule `sso_unprotected`: alerts about web pages, behind names that lead outside, that send nobody to the single sign-on.

mod destination;
mod login;

use std::collections::BTreeMap;

use reddalert_sdk::hosted_records::{NameList, ZoneName};
use reddalert_sdk::web_pages::{Page, Scope, names_that_lead_outside, visit};
use reddalert_sdk::{Alert, Error, Host, Rule, Severity};
use serde::Deserialize;

use crate::destination::{destination, is_the_page_itself};
use crate::login::Login;

/// Where the rule remembers where each page sent its visitors. Pages that do not answer are forgotten.
const REDIRECTS: &str = "redirects";

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How a redirect to the older login looks.
    godauth_url: Login,
    /// How a redirect to the single sign-on looks.
    sso_url: Login,
    /// The zone whose names are looked at; empty for all.
    zone: ZoneName,
    /// Domains that are one's own, as targets of records.
    legit_domains: NameList,
    /// Names that are not looked at.
    exception_domains: NameList,
}

/// The rule.
pub struct SsoUnprotected {
    settings: Settings,
}

reddalert_sdk::export!(SsoUnprotected, manifest = "manifest.json");

impl Rule for SsoUnprotected {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let Settings { zone, legit_domains, exception_domains, .. } = &self.settings;
        let scope = Scope { zone, legit_domains, exception_domains, included_domains: &NameList::default() };
        let names = names_that_lead_outside(host, scope)?;
        let pages = visit(host, names.keys().map(String::as_str), |request| request.max_body(0))?;

        let known: BTreeMap<String, String> = host.remembered(REDIRECTS)?.unwrap_or_default();
        let mut redirects = BTreeMap::new();
        let mut alerts = Vec::new();
        for page in &pages {
            let Some(location) = page.answer.as_ref().and_then(destination) else { continue };
            if known.get(&page.url) != Some(&location) && !self.is_protected(page, &location) {
                alerts.push(alert(&page.url, &location));
            }
            redirects.insert(page.url.as_str(), location);
        }
        host.remember(REDIRECTS, &redirects)?;
        Ok(alerts)
    }
}

impl SsoUnprotected {
    fn is_protected(&self, page: &Page, location: &str) -> bool {
        let logins = [&self.settings.godauth_url, &self.settings.sso_url];
        is_the_page_itself(&page.name, location) || logins.iter().any(|login| login.protects(&page.name, location))
    }
}

fn alert(url: &str, location: &str) -> Alert {
    let title = if location.is_empty() { format!("{url} asks nobody to log in") } else { format!("{url} leads past the login") };
    Alert::new(url)
        .title(title)
        .text(format!("This domain ({url}) is neither behind SSO nor GODAUTH because redirects to {location}"))
        .severity(Severity::Medium)
        .label("resource-type", "web-page")
}

#[cfg(test)]
mod tests;
