//! The rule `non_chef`: alerts about machines, launched about three hours ago, that Chef should know by now and does not.

mod exclusion;
mod node;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use reddalert_sdk::fields::Integer;
use reddalert_sdk::instances::{self, Instance, Surroundings};
use reddalert_sdk::{Alert, EpochMillis, Error, Host, LastSeen, Pattern, Rule, Severity, Times, Window};
use serde::Deserialize;

use crate::exclusion::is_excluded;
use crate::node::{ManagedMachine, Node, Nodes};

/// Where the rule remembers the machines that it has told of, each with its launch time.
const FIRST_SEEN: &str = "first_seen";

/// How long a new machine has to make itself known to Chef: three hours, in milliseconds.
const TIME_TO_REGISTER: EpochMillis = 3 * 60 * 60 * 1000;

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The Chef server, with its organization. Required.
    chef_server_url: String,
    /// Machines that need no Chef, by the start of their tag `service_name`, or else `Name`.
    excluded_instances: Vec<Pattern>,
    /// Whether each run also tells of every machine that Chef knows, for another program that wants to hear of them.
    chef_managed: bool,
}

/// The rule.
pub struct NonChef {
    settings: Settings,
}

reddalert_sdk::export!(NonChef, manifest = "manifest.json");

/// The machines of now that are to be told of.
#[derive(Default)]
struct Found {
    strangers: Vec<Instance>,
    /// Each with the number of its node.
    managed: Vec<(Instance, usize)>,
    /// Addresses of all machines.
    addresses: BTreeSet<IpAddr>,
    /// All machines that are there.
    ids: BTreeSet<String>,
}

impl Rule for NonChef {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        if settings.chef_server_url.is_empty() {
            return Err(Error::new("setting `chef_server_url` is missing: the address of the Chef server, with its organization"));
        }
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let nodes = Nodes::load(host, &self.settings.chef_server_url)?;
        if nodes.is_empty() {
            host.warn("Chef knows no machine at all, so none is told of");
            return Ok(Vec::new());
        }
        let mut first_seen = remembered_first_seen(host)?;
        let found = self.look_at_machines(host, &nodes, &first_seen)?;
        first_seen.extend(found.strangers.iter().map(|machine| (machine.instance_id.clone(), machine.launched().unwrap_or_default())));
        remember(host, first_seen, &found.ids)?;
        self.alerts(host, &nodes, &found)
    }
}

impl NonChef {
    fn look_at_machines(&self, host: &dyn Host, nodes: &Nodes, first_seen: &BTreeMap<String, EpochMillis>) -> Result<Found, Error> {
        let window = time_to_be_known(host.window());
        let mut found = Found::default();
        for machine in host.documents::<Instance>(instances::PATH, Times::Now) {
            let machine = machine?;
            found.ids.insert(machine.instance_id.clone());
            let Some(address) = public_address(host, &machine) else { continue };
            found.addresses.insert(address);
            if is_excluded(&machine, &self.settings.excluded_instances) {
                continue;
            }
            match nodes.of_address(address) {
                Some(node) if self.settings.chef_managed => found.managed.push((machine, node)),
                None if is_due(host, window, &machine) && !first_seen.contains_key(&machine.instance_id) => found.strangers.push(machine),
                _ => {}
            }
        }
        Ok(found)
    }

    fn alerts(&self, host: &dyn Host, nodes: &Nodes, found: &Found) -> Result<Vec<Alert>, Error> {
        if found.strangers.is_empty() && !self.settings.chef_managed {
            return Ok(Vec::new());
        }
        let surroundings = Surroundings::load(host)?;
        let mut alerts: Vec<Alert> = found.strangers.iter().map(|machine| stranger(machine, &surroundings)).collect();
        if self.settings.chef_managed {
            let managed = found.managed.iter().map(|(machine, node)| {
                let report = Some(surroundings.report(machine));
                chef_managed(&id(machine), &ManagedMachine::new(nodes.get(*node), report))
            });
            alerts.extend(managed);
            let elsewhere = nodes.outside_ec2(&found.addresses);
            alerts.extend(elsewhere.map(|node: &Node| chef_managed(node.name(), &ManagedMachine::new(node, None))));
        }
        Ok(alerts)
    }
}

/// Whether it was launched in the window.
fn is_due(host: &dyn Host, window: Window, machine: &Instance) -> bool {
    let launched = machine.launched();
    if launched.is_none() {
        host.skipped(&machine.instance_id, "no launch time");
    }
    launched.is_some_and(|launched| window.contains(launched))
}

/// The window of this run, as many hours ago as a machine has to register.
fn time_to_be_known(window: Window) -> Window {
    Window { since: window.since.saturating_sub(TIME_TO_REGISTER), until: window.until.saturating_sub(TIME_TO_REGISTER) }
}

/// `null` as text counts as none.
fn public_address(host: &dyn Host, machine: &Instance) -> Option<IpAddr> {
    let address = machine.public_ip_address.as_deref().filter(|address| !address.is_empty() && *address != "null")?;
    let parsed = address.parse().ok();
    if parsed.is_none() {
        host.skipped(&machine.instance_id, &format!("its public address {address:?} is none"));
    }
    parsed
}

/// The status file of the original may hold numbers as text.
fn remembered_first_seen(host: &dyn Host) -> Result<BTreeMap<String, EpochMillis>, Error> {
    let remembered: BTreeMap<String, Integer> = host.remembered(FIRST_SEEN)?.unwrap_or_default();
    Ok(remembered.into_iter().map(|(machine, moment)| (machine, EpochMillis::try_from(moment.value()).unwrap_or_default())).collect())
}

/// Machines that are gone for long are forgotten.
fn remember(host: &dyn Host, mut first_seen: BTreeMap<String, EpochMillis>, there: &BTreeSet<String>) -> Result<(), Error> {
    let mut last_seen = LastSeen::load(host)?;
    for machine in first_seen.keys().filter(|machine| there.contains(*machine)) {
        last_seen.saw(machine);
    }
    first_seen.retain(|machine, _| last_seen.keeps(machine));
    last_seen.remember(host, first_seen.keys().map(String::as_str))?;
    host.remember(FIRST_SEEN, &first_seen)
}

fn id(machine: &Instance) -> String {
    format!("{}-{}", machine.key_name.as_deref().unwrap_or("None"), machine.service_type().unwrap_or("None"))
}

fn stranger(machine: &Instance, surroundings: &Surroundings) -> Alert {
    Alert::new(id(machine))
        .title(format!("Chef does not know machine {} ({})", machine.instance_id, machine.service_type().unwrap_or("no service")))
        .fields(&surroundings.report(machine))
        .severity(Severity::Medium)
        .label("account", machine.account().unwrap_or_default())
        .label("region", machine.region())
        .label("resource-type", "instance")
}

/// An event for another program more than an alert.
fn chef_managed(id: &str, machine: &ManagedMachine<'_>) -> Alert {
    Alert::new(id).title(format!("Chef manages {id}")).fields(machine).severity(Severity::Info).label("kind", "chef_managed")
}

#[cfg(test)]
mod tests;
