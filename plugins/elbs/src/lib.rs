//! The rule `elbs`: alerts about a load balancer, new or changed in the window, that listens on a port which is not allowed.

use std::collections::BTreeSet;

use reddalert_sdk::fields::{Integer, null_is_default};
use reddalert_sdk::instances::region_of_zone;
use reddalert_sdk::settings::Entries;
use reddalert_sdk::{Alert, Error, Host, Rule, Severity, Times};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Ports that any load balancer may listen on.
    allowed_ports: Entries<i64>,
}

/// The rule.
pub struct Elbs {
    settings: Settings,
}

reddalert_sdk::export!(Elbs, manifest = "manifest.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoadBalancer {
    #[serde(rename = "loadBalancerName")]
    name: String,
    canonical_hosted_zone_name: Option<String>,
    scheme: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    availability_zones: Vec<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    instances: Vec<Value>,
    /// As the inventory has them: they go into the alert whole.
    #[serde(default, deserialize_with = "null_is_default")]
    listener_descriptions: Vec<Value>,
}

#[derive(Deserialize)]
struct ListenerDescription {
    listener: Listener,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listener {
    load_balancer_port: Integer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    canonical_hosted_zone_name: Option<&'a str>,
    number_of_instances: usize,
    listener_descriptions: &'a [Value],
}

impl Rule for Elbs {
    type Settings = Settings;

    fn init(settings: Settings, host: &dyn Host) -> Result<Self, Error> {
        settings.allowed_ports.warn(host, "allowed_ports");
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let mut alerts = Vec::new();
        let mut seen = BTreeSet::new();
        for load_balancer in host.documents::<LoadBalancer>("aws/loadBalancers;_expand", Times::Updated) {
            let load_balancer = load_balancer?;
            // The newest revision comes first, and it alone counts.
            if !seen.insert(load_balancer.name.clone()) {
                continue;
            }
            match self.forbidden_ports(&load_balancer) {
                Ok(ports) if ports.is_empty() => {}
                Ok(ports) => alerts.push(alert(&load_balancer, &ports)),
                Err(error) => host.skipped(&load_balancer.name, &format!("a listener: {error}")),
            }
        }
        Ok(alerts)
    }
}

impl Elbs {
    fn forbidden_ports(&self, load_balancer: &LoadBalancer) -> Result<BTreeSet<i64>, serde_json::Error> {
        let ports = load_balancer.listener_descriptions.iter().map(|description| {
            let ListenerDescription { listener } = Deserialize::deserialize(description)?;
            Ok(listener.load_balancer_port.value())
        });
        let ports: BTreeSet<i64> = ports.collect::<Result<_, _>>()?;
        Ok(ports.into_iter().filter(|port| !self.settings.allowed_ports.contains(port)).collect())
    }
}

fn alert(load_balancer: &LoadBalancer, ports: &BTreeSet<i64>) -> Alert {
    let name = &load_balancer.name;
    let port_list = ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let is_internal = load_balancer.scheme.as_deref() == Some("internal");
    Alert::new(name)
        .title(format!("Load balancer {name} listens on port{} {port_list}", if ports.len() == 1 { "" } else { "s" }))
        .fields(&Finding {
            canonical_hosted_zone_name: load_balancer.canonical_hosted_zone_name.as_deref(),
            number_of_instances: load_balancer.instances.len(),
            listener_descriptions: &load_balancer.listener_descriptions,
        })
        .severity(if is_internal { Severity::Low } else { Severity::Medium })
        .label("region", load_balancer.availability_zones.first().map_or("", |zone| region_of_zone(zone)))
        .label("resource-type", "load-balancer")
}

#[cfg(test)]
mod tests;
