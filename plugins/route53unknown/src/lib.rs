//! The rule `route53unknown`: alerts about DNS records, new since the last run, that lead to places which are neither one's own machines nor
//! one's own domains.

use std::collections::{BTreeMap, BTreeSet};

use reddalert_sdk::hosted_records::{NameList, OwnPlaces, RecordSet, ZoneName, record_sets};
use reddalert_sdk::{Alert, Error, Host, Rule, Severity, chef};
use serde::Deserialize;
use serde_json::{Value, json};

/// Where the rule remembers the records of the last run: `<name>-<value>`.
const KNOWN: &str = "known";

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The Chef server, with its organization. Required.
    chef_server_url: String,
    /// The zone whose records are looked at; empty for all.
    zone: ZoneName,
    /// Domains that are one's own, as targets of records.
    legit_domains: NameList,
}

/// The rule.
pub struct Route53Unknown {
    settings: Settings,
}

reddalert_sdk::export!(Route53Unknown, manifest = "manifest.json");

/// What Chef knows of a machine's addresses.
#[derive(Deserialize)]
struct Node {
    cloud_public_ips: Option<Vec<String>>,
    network_interfaces: Option<BTreeMap<String, Interface>>,
}

/// Addresses of all kinds, hardware ones too, each with what else is known of it.
#[derive(Deserialize)]
struct Interface {
    addresses: Option<BTreeMap<String, Value>>,
}

impl Rule for Route53Unknown {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        if settings.chef_server_url.is_empty() {
            return Err(Error::new("setting `chef_server_url` is missing: the address of the Chef server, with its organization"));
        }
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let mut places = OwnPlaces::load(host, &self.settings.legit_domains)?;
        self.add_chef_nodes(host, &mut places)?;

        let mut known: BTreeSet<String> = host.remembered(KNOWN)?.unwrap_or_default();
        let mut unknown = BTreeSet::new();
        let mut alerts = Vec::new();
        for record in record_sets(host, &self.settings.zone)?.iter().filter(|record| is_looked_at(record)) {
            for value in record.values().filter(|value| places.leads_outside(value)) {
                let entry = format!("{}-{value}", record.name);
                if unknown.insert(entry.clone()) && !known.remove(&entry) {
                    alerts.push(alert(&record.name, value));
                }
            }
        }
        host.remember(KNOWN, &unknown)?;
        Ok(alerts)
    }
}

impl Route53Unknown {
    fn add_chef_nodes(&self, host: &dyn Host, places: &mut OwnPlaces) -> Result<(), Error> {
        let wanted = json!({"cloud_public_ips": ["cloud", "public_ips"], "network_interfaces": ["network", "interfaces"]});
        for node in chef::nodes::<Node>(host, &self.settings.chef_server_url, &wanted)? {
            places.add_addresses(node.cloud_public_ips.iter().flatten().map(String::as_str));
            let interfaces = node.network_interfaces.iter().flat_map(BTreeMap::values);
            places.add_addresses(
                interfaces.filter_map(|interface| interface.addresses.as_ref()).flat_map(BTreeMap::keys).map(String::as_str),
            );
        }
        Ok(())
    }
}

fn is_looked_at(record: &RecordSet) -> bool {
    ["A", "CNAME"].contains(&record.kind.as_str())
}

fn alert(name: &str, value: &str) -> Alert {
    Alert::new(name).title(format!("{name} leads to {value}")).text(value).severity(Severity::Medium).label("resource-type", "dns-record")
}

#[cfg(test)]
mod tests;
